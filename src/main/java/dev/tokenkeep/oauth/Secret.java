package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A token or client secret: prints as nothing, compares in constant time, is read by {@link #reveal()} alone. */
public final class Secret {

    /** Longer tokens are kept by nobody's HTTP header: neither taken from a caller nor served. */
    public static final int LONGEST = 64 * 1024;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Null for null. */
    public static @Nullable Secret ofNullable(@Nullable String value) {
        return value == null ? null : new Secret(value);
    }

    /** Whether it is made as tokens are: of visible ASCII characters and spaces, at least one (RFC 6749 appendix A). */
    public boolean isVisible() {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
    }

    public boolean isTooLong() {
        return value.length() > LONGEST;
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
