package dev.tokenkeep.harness;

import dev.tokenkeep.testing.RotationMode;
import java.time.Duration;

/** What an authorization server of the harness does to a refresh token that comes twice, and how that is declared. */
enum Mode {
    NONE("none"),
    LEEWAY("leeway"),
    /** It is refused, and its successor stays good. */
    STRICT("strict"),
    /** It is refused, and the whole family with it. */
    FAMILY("strict");

    private final String rotation;

    Mode(String rotation) {
        this.rotation = rotation;
    }

    /** The registration's name. */
    String registration() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** What is declared in the configuration. */
    String rotation() {
        return rotation;
    }

    /** Whether a lost answer can be asked for again. */
    boolean forgiving() {
        return this == NONE || this == LEEWAY;
    }

    RotationMode rules(Duration leeway) {
        return switch (this) {
            case NONE -> RotationMode.NONE;
            case LEEWAY -> RotationMode.leeway(leeway);
            case STRICT -> RotationMode.REFUSED;
            case FAMILY -> RotationMode.STRICT;
        };
    }
}
