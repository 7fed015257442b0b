package dev.tokenkeep.session;

import dev.tokenkeep.oauth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a claim has to know of a registration.
 *
 * @param credential what the client authenticates with: a pause holds only for the credential that caused it
 * @param lease how long a claimed session is nobody else's
 * @param unknown what is done about a refresh token that may have been spent
 * @param leeway with {@link Unknown#RETRY_WITHIN}: how long after its first use a refresh token may be sent again
 * @param budget null for no limit
 * @param traceparent the span that claims, for others to refer to; null without one
 */
public record ClaimTerms(
        String registration,
        Secret credential,
        Duration lease,
        Unknown unknown,
        Duration leeway,
        @Nullable Budget budget,
        @Nullable String traceparent) {

    /** The part of the leeway after which a session whose outcome is unknown has its last chance. */
    public static final double LAST_CHANCE_FROM = 0.75;

    public ClaimTerms tracedBy(@Nullable String span) {
        return new ClaimTerms(registration, credential, lease, unknown, leeway, budget, span);
    }

    /** The rotation policy's answer to an unknown outcome (CONFORMANCE D, ambiguous). */
    public enum Unknown {
        RETRY,
        RETRY_WITHIN,
        /** Not before the access token has expired: then there is nothing to lose any more. */
        WAIT_FOR_EXPIRY
    }

    /**
     * A rate, over all replicas: one request every {@code spacing}, {@code burst} of them at once.
     *
     * @param burst at least 1
     */
    public record Budget(Duration spacing, int burst) {}
}
