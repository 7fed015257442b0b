package dev.tokenkeep.targets;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.RegistrationMeters.Source;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.session.targets.TargetTokens;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Reads sessions with their stored tokens for a target. Blocks on the database. */
@Singleton
class TargetLookup {

    private static final Duration UNREGISTERED_RETRY_AFTER = Duration.ofMinutes(1);

    private final SessionReads reads;
    private final ClientRegistrations registrations;
    private final TargetTokens stored;
    private final ServableTargetTokens servable;
    private final RefreshMetrics metrics;

    TargetLookup(
            SessionReads reads,
            ClientRegistrations registrations,
            TargetTokens stored,
            ServableTargetTokens servable,
            RefreshMetrics metrics) {
        this.reads = reads;
        this.registrations = registrations;
        this.stored = stored;
        this.servable = servable;
        this.metrics = metrics;
    }

    /**
     * Reads the session first. So a refresh that stores a token after this has changed what was read here.
     *
     * @param admission checks the session before anything else is done
     * @throws UnknownTargetException if its registration has no such target
     */
    WantedTarget find(String sessionId, String target, Consumer<Session> admission) {
        SessionSnapshot seen = reads.snapshot(sessionId);
        Session session = seen.session();
        admission.accept(session);
        ClientRegistration registration = registrations
                .find(session.registration())
                .orElseThrow(() -> new TokenUnavailableException(
                        sessionId, Reason.REGISTRATION_MISSING, UNREGISTERED_RETRY_AFTER));
        Target found = registration.accessTokens().targets().get(target);
        if (found == null) {
            throw new UnknownTargetException(
                    registration.name(), registration.accessTokens().targets().keySet());
        }
        reads.wanted(sessionId);
        var wanted = new WantedTarget(seen, registration, found, null, OptionalLong.empty());
        return session.mayServe() ? wanted.with(stored.find(wanted.place()).orElse(null)) : wanted;
    }

    Optional<AccessToken> servable(WantedTarget wanted, Duration minTtl) {
        return servable.goodFor(wanted, minTtl);
    }

    /** Returns the stored token if it has not expired. */
    Optional<AccessToken> unexpired(WantedTarget wanted) {
        return servable.any(wanted);
    }

    /** Returns how long before its expiry a token of this lifetime is got again. */
    Duration margin(Duration lifetime) {
        return servable.margin(lifetime);
    }

    AccessToken handedOut(WantedTarget wanted, Source source, AccessToken token) {
        metrics.of(wanted.registration()).handedOut(source);
        return token;
    }
}
