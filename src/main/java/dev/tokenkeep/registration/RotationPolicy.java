package dev.tokenkeep.registration;

import java.time.Duration;

/**
 * What the authorization server does to a used refresh token, as configured.
 *
 * @param leeway how long the previous refresh token stays good after its use; zero except for {@link Kind#LEEWAY}
 * @param endsAccessTokens whether a refresh ends the access token before it
 */
public record RotationPolicy(Kind kind, Duration leeway, boolean endsAccessTokens) {

    /** The kinds of rotation. */
    public enum Kind {
        /** The refresh token is not rotated: sending it again is harmless. */
        NONE,
        /** The previous refresh token stays good for a while. */
        LEEWAY,
        /** A second use of a refresh token may revoke the whole grant. */
        STRICT
    }

    public static final RotationPolicy NONE = new RotationPolicy(Kind.NONE, Duration.ZERO, false);
    public static final RotationPolicy STRICT = new RotationPolicy(Kind.STRICT, Duration.ZERO, false);

    public static RotationPolicy leeway(Duration leeway) {
        return new RotationPolicy(Kind.LEEWAY, leeway, false);
    }

    /** Returns the same rotation, where a refresh ends the access token before it. */
    public RotationPolicy endingAccessTokens() {
        return new RotationPolicy(kind, leeway, true);
    }

    /**
     * Returns whether a refresh token that may have been spent is kept until the access token has expired, because a second
     * use could end the access token too. Where a refresh has ended that anyway, there is nothing left to lose.
     */
    public boolean waitsForExpiry() {
        return kind == Kind.STRICT && !endsAccessTokens;
    }
}
