package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A token or client secret. Prints nothing of its value and compares in constant time. Only {@link #reveal()} returns
 * the value.
 */
public final class Secret {

    /** Longer tokens fit into no HTTP header. They are neither accepted from a caller nor served. */
    public static final int MAX_LENGTH = 64 * 1024;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Creates a secret; null for null. */
    public static @Nullable Secret ofNullable(@Nullable String value) {
        return value == null ? null : new Secret(value);
    }

    /**
     * Returns whether it has the characters of a token: visible ASCII and spaces, at least one (RFC 6749 appendix A).
     */
    public boolean isVisible() {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c < 0x20 || c > 0x7E) {
                return false;
            }
        }
        return !value.isEmpty();
    }

    public boolean isTooLong() {
        return value.length() > MAX_LENGTH;
    }

    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(value.getBytes(UTF_8), that.value.getBytes(UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
