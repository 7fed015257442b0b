package dev.tokenkeep.registration;

import java.util.Arrays;
import java.util.Optional;

/** How a client registration authenticates at the token endpoint, by its name in the OAuth registry (RFC 7591 §2). */
public enum ClientAuthenticationMethod {
    CLIENT_SECRET_BASIC("client_secret_basic"),
    CLIENT_SECRET_POST("client_secret_post"),
    CLIENT_SECRET_JWT("client_secret_jwt"),
    PRIVATE_KEY_JWT("private_key_jwt"),
    TLS_CLIENT_AUTH("tls_client_auth"),
    SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth"),
    NONE("none");

    private final String registeredName;

    ClientAuthenticationMethod(String registeredName) {
        this.registeredName = registeredName;
    }

    public String registeredName() {
        return registeredName;
    }

    public static Optional<ClientAuthenticationMethod> of(String registeredName) {
        return Arrays.stream(values())
                .filter(one -> one.registeredName.equals(registeredName))
                .findFirst();
    }

    public boolean needsSecret() {
        return this == CLIENT_SECRET_BASIC || this == CLIENT_SECRET_POST || this == CLIENT_SECRET_JWT;
    }

    /** Returns whether the client authenticates with the certificate of its TLS configuration (RFC 8705 §2). */
    public boolean usesCertificate() {
        return this == TLS_CLIENT_AUTH || this == SELF_SIGNED_TLS_CLIENT_AUTH;
    }

    /** Returns whether the client authenticates with a JWT that it signs (RFC 7523 §2.2). */
    public boolean signs() {
        return this == CLIENT_SECRET_JWT || this == PRIVATE_KEY_JWT;
    }
}
