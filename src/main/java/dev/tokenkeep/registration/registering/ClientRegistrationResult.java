package dev.tokenkeep.registration.registering;

import dev.tokenkeep.registration.added.RegistrationChange;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a registration whose client was to be registered too. */
public sealed interface ClientRegistrationResult {

    /**
     * The authorization server was not asked, or has registered the client.
     *
     * @param secretExpiresAt when the client secret expires; null if it does not
     */
    record Done(RegistrationChange change, @Nullable Instant secretExpiresAt) implements ClientRegistrationResult {}

    /** @param member what the caller has to correct, as a path in the body */
    record Invalid(String member, String why) implements ClientRegistrationResult {}

    /**
     * The authorization server has registered no client, or one that Tokenkeep cannot use.
     *
     * @param code the server's error code, or one of Tokenkeep's own
     */
    record Refused(String code) implements ClientRegistrationResult {}

    /** @param retryAfter null if the authorization server does not say */
    record Unavailable(String code, @Nullable Duration retryAfter) implements ClientRegistrationResult {}
}
