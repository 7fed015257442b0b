package dev.tokenkeep.testing;

import java.time.Duration;

/** What the scripted authorization server does to a refresh token that comes a second time. */
public record RotationMode(Kind kind, Duration leeway) {

    public enum Kind {
        /** Refresh tokens are not rotated. */
        NONE,
        /** The previous one stays good for a while, and each use of it brings a new one. After that the family dies. */
        LEEWAY,
        /** It is refused; its successor stays good. */
        REFUSED,
        /** It is refused, and the whole family with it. */
        STRICT
    }

    public static final RotationMode NONE = new RotationMode(Kind.NONE, Duration.ZERO);
    public static final RotationMode REFUSED = new RotationMode(Kind.REFUSED, Duration.ZERO);
    public static final RotationMode STRICT = new RotationMode(Kind.STRICT, Duration.ZERO);

    public static RotationMode leeway(Duration leeway) {
        return new RotationMode(Kind.LEEWAY, leeway);
    }
}
