package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuard.Grant;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.SessionSnapshot;
import dev.tokenkeep.session.store.RefreshClaims.DueClaim;
import dev.tokenkeep.session.store.SessionReads;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Step 1: claims no more than can be sent at once, and is stored soon after. Permits are taken before the claim, and go on
 * with what was claimed; held answers go first; a draining process claims nothing.
 */
@Singleton
public class RefreshClaimer {

    /** Of each registration, where a claim is for many. */
    private static final int LEAST_SHARE = 8;

    private final TracedClaims claims;
    private final SessionReads reads;
    private final RegistrationGuards guards;
    private final RefreshTimeouts timeouts;
    private final PendingWrites pending;
    private final InFlightRefreshes inFlight;

    RefreshClaimer(
            TracedClaims claims,
            SessionReads reads,
            RegistrationGuards guards,
            RefreshTimeouts timeouts,
            PendingWrites pending,
            InFlightRefreshes inFlight) {
        this.claims = claims;
        this.reads = reads;
        this.guards = guards;
        this.timeouts = timeouts;
        this.pending = pending;
        this.inFlight = inFlight;
    }

    public RegistrationGuard guard(ClientRegistration registration) {
        return guards.of(registration);
    }

    public SessionSnapshot snapshot(String id) {
        return reads.snapshot(id);
    }

    /**
     * Waits a moment if very many refreshes were begun just now: the next ones would only wait for the database with them.
     * Whether there is room now.
     */
    public boolean awaitRoom() {
        try {
            return inFlight.awaitRoom(timeouts.lease());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Due sessions of these registrations, a permit held for each.
     *
     * @param limit of all registrations together
     */
    public DueClaim due(List<ClientRegistration> registrations, int limit) {
        int share = Math.max(LEAST_SHARE, limit / registrations.size());
        List<Wanted> wanted = registrations.stream()
                .map(registration -> begin(registration, Math.min(share, limit)))
                .filter(one -> one.grant().permits() > 0)
                .toList();
        var claimed = new ArrayList<ClaimedSession>();
        try {
            if (wanted.isEmpty()) {
                return DueClaim.NONE;
            }
            pending.tryAll();
            DueClaim claim = claims.due(wanted.stream().map(this::terms).toList(), limit);
            claimed.addAll(claim.sessions());
            return claim;
        } finally {
            wanted.forEach(one -> giveBack(one, claimed));
        }
    }

    private record Wanted(ClientRegistration registration, Grant grant) {}

    /** What is claimed counts as in flight from here on: a drain that begins now waits for it. */
    private Wanted begin(ClientRegistration registration, int most) {
        int room = inFlight.begin(registration, most);
        Grant grant = guards.of(registration).tryAcquire(room);
        inFlight.over(registration, room - grant.permits());
        return new Wanted(registration, grant);
    }

    private DueTerms terms(Wanted one) {
        return new DueTerms(
                timeouts.claimTerms(one.registration()),
                one.grant().permits(),
                one.grant().retries(),
                guards.of(one.registration()).isProven(),
                one.grant().probe(),
                one.grant().lastChancesOnly());
    }

    private void giveBack(Wanted one, List<ClaimedSession> claimed) {
        List<ClaimedSession> own = claimed.stream()
                .filter(session ->
                        session.registration().equals(one.registration().name()))
                .toList();
        int retries = (int) own.stream().filter(ClaimedSession::failedBefore).count();
        guards.of(one.registration()).giveBack(one.grant(), own.size(), retries);
        inFlight.over(one.registration(), one.grant().permits() - own.size());
    }

    /**
     * The session that somebody waits for, if it is still at his version and can be claimed now. {@link #tryBegin} has taken its
     * permit, which is given back if it can't.
     */
    public Optional<ClaimedSession> one(RefreshDemand demand) {
        Optional<ClaimedSession> claimed = Optional.empty();
        try {
            pending.tryAll();
            claimed = claims.one(demand.id(), demand.from(), demand.forced(), timeouts.claimTerms(demand.registration()));
            return claimed;
        } finally {
            settle(demand, claimed);
        }
    }

    /** Takes a permit for {@link #one}, if there is one: without it, there is no need to ask the database. */
    public boolean tryBegin(RefreshDemand demand) {
        ClientRegistration registration = demand.registration();
        if (!inFlight.beginAwaited(registration)) {
            return false;
        }
        boolean permitted = guards.of(registration).tryAcquireFor(demand.id(), demand.failedBefore());
        if (!permitted) {
            inFlight.over(registration, 1);
        }
        return permitted;
    }

    /** The claim says whether the session has failed before; the reader had read it a moment earlier. */
    private void settle(RefreshDemand demand, Optional<ClaimedSession> claimed) {
        if (claimed.isEmpty()) {
            inFlight.over(demand.registration(), 1);
            guards.of(demand.registration()).giveBackFor(demand.failedBefore());
        } else if (claimed.get().failedBefore() != demand.failedBefore()) {
            guards.of(demand.registration()).reclassify(claimed.get().failedBefore());
        }
    }
}
