package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.RefreshClaims.DueClaim;
import dev.tokenkeep.session.SessionReads;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.tokenendpoint.RegistrationGuard;
import dev.tokenkeep.tokenendpoint.RegistrationGuards;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Step 1: claims no more than can be sent at once, and is stored soon after. Permits are taken before the claim, and go on
 * with what was claimed; held answers go first; a draining process claims nothing.
 */
@Singleton
class Claiming {

    private final TracedClaims claims;
    private final SessionReads reads;
    private final RegistrationGuards guards;
    private final HeldAnswers held;
    private final InFlight inFlight;
    private final Draining draining;

    Claiming(
            TracedClaims claims,
            SessionReads reads,
            RegistrationGuards guards,
            HeldAnswers held,
            InFlight inFlight,
            Draining draining) {
        this.claims = claims;
        this.reads = reads;
        this.guards = guards;
        this.held = held;
        this.inFlight = inFlight;
        this.draining = draining;
    }

    RegistrationGuard guard(ClientRegistration registration) {
        return guards.of(registration);
    }

    SessionSnapshot snapshot(String id) {
        return reads.snapshot(id);
    }

    /** Up to {@code limit} due sessions, a permit held for each. */
    DueClaim due(ClientRegistration registration, ClaimTerms terms, int limit) {
        int permits = begin(registration, limit);
        int claimed = 0;
        try {
            if (permits == 0) {
                return new DueClaim(List.of(), false);
            }
            held.tryAll();
            DueClaim claim = claims.due(terms, permits);
            claimed = claim.sessions().size();
            return claim;
        } finally {
            giveBack(registration, permits - claimed);
        }
    }

    /** The session, if it is still at {@code version} and can be claimed now, a permit held for it. */
    Optional<ClaimedSession> one(
            String id, OptionalLong version, ClientRegistration registration, boolean forced, ClaimTerms terms) {
        int permits = begin(registration, 1);
        int claimed = 0;
        try {
            if (permits == 0) {
                return Optional.empty();
            }
            held.tryAll();
            Optional<ClaimedSession> claim = claims.one(id, version, forced, terms);
            claimed = claim.isPresent() ? 1 : 0;
            return claim;
        } finally {
            giveBack(registration, permits - claimed);
        }
    }

    /** What is claimed counts as in flight from here on: a drain that begins now waits for it. */
    private int begin(ClientRegistration registration, int wanted) {
        int permits = guards.of(registration).tryAcquire(Math.min(wanted, inFlight.room(registration)));
        inFlight.begun(registration, permits);
        if (draining.on()) {
            giveBack(registration, permits);
            return 0;
        }
        return permits;
    }

    private void giveBack(ClientRegistration registration, int permits) {
        guards.of(registration).release(permits);
        inFlight.over(registration, permits);
    }
}
