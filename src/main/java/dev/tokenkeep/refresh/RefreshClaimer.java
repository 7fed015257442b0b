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
 * Step 1: claims sessions, no more than can be sent at once and stored soon after. Takes permits before the claim;
 * claimed sessions keep theirs. Tries pending writes before it claims. Claims nothing during a graceful shutdown.
 */
@Singleton
public class RefreshClaimer {

    /** The least share of each registration in a claim for many registrations. */
    private static final int MIN_SHARE = 8;

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
     * Waits a moment if very many refreshes were begun just now, because more of them would only wait for the database
     * too. Returns whether there is room now.
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
     * Claims due sessions of these registrations, with a permit for each.
     *
     * @param limit for all registrations together
     */
    public DueClaim due(List<ClientRegistration> registrations, int limit) {
        int share = Math.max(MIN_SHARE, limit / registrations.size());
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

    /** Counts sessions as in flight before they are claimed, so that a shutdown that begins now waits for them. */
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
     * Claims the session that a caller waits for; empty if it is no longer at the caller's version or cannot be claimed
     * now. {@link #tryBegin} has taken its permit, which is then given back.
     */
    public Optional<ClaimedSession> one(RefreshDemand demand) {
        Optional<ClaimedSession> claimed = Optional.empty();
        try {
            pending.tryAll();
            claimed =
                    claims.one(demand.id(), demand.from(), demand.forced(), timeouts.claimTerms(demand.registration()));
            return claimed;
        } finally {
            settle(demand, claimed);
        }
    }

    /** Takes a permit for {@link #one}. Returns false if there is none; then the database need not be asked. */
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

    /**
     * Gives back the permit if nothing was claimed. Otherwise corrects it: the claim knows whether the session has
     * failed before, and the caller had read that a moment earlier.
     */
    private void settle(RefreshDemand demand, Optional<ClaimedSession> claimed) {
        if (claimed.isEmpty()) {
            inFlight.over(demand.registration(), 1);
            guards.of(demand.registration()).giveBackFor(demand.failedBefore());
        } else if (claimed.get().failedBefore() != demand.failedBefore()) {
            guards.of(demand.registration()).reclassify(claimed.get().failedBefore());
        }
    }
}
