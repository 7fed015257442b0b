package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a claim has to know about a registration.
 *
 * @param registered the registration; the claim takes nothing if it has become that of another client
 * @param credential the client's credential; a pause applies only to the credential that caused it
 * @param lease how long no other attempt may claim a claimed session
 * @param unknown what to do about a refresh token that may have been spent
 * @param leeway for {@link Unknown#RETRY_WITHIN}: how long after its first use a refresh token may be sent again
 * @param budget null for no limit
 * @param dpopKeys makes the key of a session that has none (RFC 9449); makes null if none is wanted
 * @param traceparent the span of the claim, so that other spans can refer to it; null if there is none
 */
public record ClaimTerms(
        Registered registered,
        Secret credential,
        Duration lease,
        Unknown unknown,
        Duration leeway,
        @Nullable Budget budget,
        Supplier<@Nullable Secret> dpopKeys,
        @Nullable String traceparent) {

    /**
     * A request that failed after this part of the leeway was slow. Such requests hold their permits for so long that the
     * last quarter may be too short for all sessions.
     */
    public static final double SLOW = 0.25;

    /**
     * After this part of the leeway a session whose request was slow has its first chance. Half: then every session finds
     * a permit in time, even if each request holds its permit for half of the leeway.
     */
    public static final double FIRST_CHANCE_FROM = 0.5;

    /** After this part of the leeway a session with an unknown outcome has its last chance. */
    public static final double LAST_CHANCE_FROM = 0.75;

    /**
     * A registration as this replica knows it.
     *
     * @param destination where it sends tokens, if the API added it; null for one of the operator's
     */
    public record Registered(String name, @Nullable String destination) {}

    public String registration() {
        return registered.name();
    }

    public ClaimTerms tracedBy(@Nullable String span) {
        return new ClaimTerms(registered, credential, lease, unknown, leeway, budget, dpopKeys, span);
    }

    /** What the rotation policy does about an unknown outcome (CONFORMANCE D, ambiguous). */
    public enum Unknown {
        RETRY,
        RETRY_WITHIN,
        /** Retries only after the access token has expired: then there is nothing left to lose. */
        WAIT_FOR_EXPIRY
    }

    /**
     * A rate limit over all replicas: one request every {@code spacing}, and up to {@code burst} at once.
     *
     * @param burst at least 1
     */
    public record Budget(Duration spacing, int burst) {}
}
