package dev.tokenkeep.registration;

/** How a client registration authenticates at the token endpoint, by its name in the OAuth registry (RFC 7591 §2). */
public enum ClientAuthenticationMethod {
    CLIENT_SECRET_BASIC("client_secret_basic"),
    CLIENT_SECRET_POST("client_secret_post"),
    NONE("none");

    private final String registeredName;

    ClientAuthenticationMethod(String registeredName) {
        this.registeredName = registeredName;
    }

    public String registeredName() {
        return registeredName;
    }

    public boolean needsSecret() {
        return this != NONE;
    }
}
