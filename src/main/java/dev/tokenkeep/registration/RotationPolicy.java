package dev.tokenkeep.registration;

import java.time.Duration;

/**
 * What the authorization server does to a used refresh token, as configured.
 *
 * @param leeway how long the previous refresh token stays good after its use; zero except for {@link Kind#LEEWAY}
 */
public record RotationPolicy(Kind kind, Duration leeway) {

    /** The kinds of rotation. */
    public enum Kind {
        /** The refresh token is not rotated: sending it again is harmless. */
        NONE,
        /** The previous refresh token stays good for a while. */
        LEEWAY,
        /** A second use of a refresh token may revoke the whole grant. */
        STRICT
    }

    public static final RotationPolicy NONE = new RotationPolicy(Kind.NONE, Duration.ZERO);
    public static final RotationPolicy STRICT = new RotationPolicy(Kind.STRICT, Duration.ZERO);

    public static RotationPolicy leeway(Duration leeway) {
        return new RotationPolicy(Kind.LEEWAY, leeway);
    }
}
