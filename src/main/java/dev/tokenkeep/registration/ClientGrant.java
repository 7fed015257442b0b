package dev.tokenkeep.registration;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A grant that callers may have tokens asked for with. The operator allows each one for a registration. */
public enum ClientGrant {
    /** RFC 6749 §4.4. */
    CLIENT_CREDENTIALS("client_credentials", Set.of(), Set.of("scope")),
    /** RFC 8693. */
    TOKEN_EXCHANGE(
            "urn:ietf:params:oauth:grant-type:token-exchange",
            Set.of("subject_token", "subject_token_type"),
            Set.of("scope", "actor_token", "actor_token_type", "requested_token_type", "audience", "resource")),
    /** RFC 7523 §2.1, with what Entra needs to act on behalf of a user. */
    JWT_BEARER(
            "urn:ietf:params:oauth:grant-type:jwt-bearer", Set.of("assertion"), Set.of("scope", "requested_token_use"));

    private final String type;
    private final Set<String> required;
    private final Set<String> optional;

    ClientGrant(String type, Set<String> required, Set<String> optional) {
        this.type = type;
        this.required = required;
        this.optional = optional;
    }

    /** Returns its {@code grant_type}. */
    public String type() {
        return type;
    }

    /** Returns the parameters that it must have. */
    public Set<String> required() {
        return required;
    }

    public boolean allows(String parameter) {
        return required.contains(parameter) || optional.contains(parameter);
    }

    public static Optional<ClientGrant> of(String type) {
        return Arrays.stream(values()).filter(one -> one.type.equals(type)).findFirst();
    }

    /** Returns all types, for messages. */
    public static String types() {
        return Arrays.stream(values()).map(ClientGrant::type).collect(Collectors.joining(", "));
    }
}
