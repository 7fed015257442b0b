package dev.tokenkeep.registration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is sent as user and password of {@code client_secret_basic}. */
public enum BasicCredentials {
    /** The client id and the secret, encoded as in a form (RFC 6749 §2.3.1). */
    ENCODED,
    /** The client id and the secret as they are, for servers that do not decode (CONFORMANCE A1). */
    RAW,
    /** The client id alone, with an empty password. */
    ID_ALONE,
    /** The secret alone, as the user, with an empty password. The client id is not sent at all. */
    SECRET_ALONE;

    public static Optional<BasicCredentials> of(String configured) {
        return Arrays.stream(values())
                .filter(one -> one.configured().equals(configured))
                .findFirst();
    }

    public static String names() {
        return Arrays.stream(values()).map(BasicCredentials::configured).collect(Collectors.joining(", "));
    }

    private String configured() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
