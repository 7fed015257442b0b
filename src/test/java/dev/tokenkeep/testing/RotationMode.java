package dev.tokenkeep.testing;

import java.time.Duration;

/** What the scripted authorization server does to a refresh token that was used. */
public record RotationMode(Kind kind, Duration leeway) {

    public enum Kind {
        NONE,
        LEEWAY,
        STRICT
    }

    public static final RotationMode NONE = new RotationMode(Kind.NONE, Duration.ZERO);
    public static final RotationMode STRICT = new RotationMode(Kind.STRICT, Duration.ZERO);

    public static RotationMode leeway(Duration leeway) {
        return new RotationMode(Kind.LEEWAY, leeway);
    }
}
