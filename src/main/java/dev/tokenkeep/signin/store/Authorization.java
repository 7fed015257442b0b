package dev.tokenkeep.signin.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that has begun, without its secrets.
 *
 * @param age since it began
 * @param expiresIn until the user must have signed in; not positive once that is over
 */
public record Authorization(
        String id, Asked asked, Checks checks, Progress progress, Duration age, Duration expiresIn) {

    /** How the user signs in. */
    public enum Flow {
        /** In this browser, which comes back with a code (RFC 6749 §4.1). */
        AUTHORIZATION_CODE,
        /** In any browser, where the user enters a code (RFC 8628). */
        DEVICE_CODE
    }

    /** How far a sign-in has come. */
    public enum Status {
        PENDING,
        /** The browser is back, and the caller has to confirm that it is its user's. */
        AWAITING_CONFIRMATION,
        COMPLETED,
        FAILED,
        EXPIRED
    }

    /**
     * What the caller asked for.
     *
     * @param redirectUri to the letter; empty with the device grant, where no browser comes back
     * @param returnUri where the browser goes at the end of a hosted callback; null if the caller has its own
     * @param scope null if none was asked for
     * @param replaces the session whose tokens are replaced; null for a new session
     */
    public record Asked(
            String caller,
            String registration,
            String subject,
            Flow flow,
            String redirectUri,
            @Nullable String returnUri,
            @Nullable String scope,
            @Nullable String replaces) {

        /** Returns the same with another scope if it has none. */
        public Asked withScope(@Nullable String other) {
            return scope == null
                    ? new Asked(caller, registration, subject, flow, redirectUri, returnUri, other, replaces)
                    : this;
        }

        public Asked withRedirectUri(String other) {
            return new Asked(caller, registration, subject, flow, other, returnUri, scope, replaces);
        }

        /** Returns whether the browser comes back to Tokenkeep and not to the caller. */
        public boolean isHosted() {
            return returnUri != null;
        }

        /** Returns whether the authorization server must return an ID token. */
        public boolean isOpenId() {
            return scope != null && List.of(scope.split(" ")).contains("openid");
        }
    }

    /**
     * What the response must fit.
     *
     * @param authorizationServer the issuer, or the endpoints where no issuer is known
     * @param maxAge how long ago the user may have authenticated; null if that was not asked
     * @param acrValues empty if none was asked for
     */
    public record Checks(
            String authorizationServer, @Nullable Duration maxAge, Set<String> acrValues) {}

    /**
     * How far it has come.
     *
     * @param error why it failed, or how the authorization server answered last; null if neither
     * @param session null until it is completed
     * @param exchanging whether the authorization code is being exchanged
     */
    public record Progress(
            Status status, @Nullable String error, @Nullable String session, boolean exchanging) {

        public boolean isOver() {
            return status != Status.PENDING && status != Status.AWAITING_CONFIRMATION;
        }
    }
}
