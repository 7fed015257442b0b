package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.refresh.RefreshSlots.Taken;
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
 * Step 1: claims sessions, no more than can be sent at once and stored soon after. Takes slots before the claim;
 * claimed sessions keep theirs. Tries pending writes before it claims. Claims nothing during a graceful shutdown.
 */
@Singleton
public class RefreshClaimer {

    /** The least share of each registration in a claim for many registrations. */
    private static final int MIN_SHARE = 8;

    private final TracedClaims claims;
    private final SessionReads reads;
    private final RefreshSlots slots;
    private final RefreshTimeouts timeouts;
    private final PendingWrites pending;
    private final InFlightRefreshes inFlight;

    RefreshClaimer(
            TracedClaims claims,
            SessionReads reads,
            RefreshSlots slots,
            RefreshTimeouts timeouts,
            PendingWrites pending,
            InFlightRefreshes inFlight) {
        this.claims = claims;
        this.reads = reads;
        this.slots = slots;
        this.timeouts = timeouts;
        this.pending = pending;
        this.inFlight = inFlight;
    }

    public RegistrationGuard guard(ClientRegistration registration) {
        return slots.guard(registration);
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
        List<Taken> taken = registrations.stream()
                .map(registration -> slots.take(registration, Math.min(share, limit)))
                .filter(one -> !one.isEmpty())
                .toList();
        var claimed = new ArrayList<ClaimedSession>();
        try {
            if (taken.isEmpty()) {
                return DueClaim.NONE;
            }
            pending.tryAll();
            DueClaim claim = claims.due(taken.stream().map(this::terms).toList(), limit);
            claimed.addAll(claim.sessions());
            return claim;
        } finally {
            taken.forEach(one -> slots.giveBack(one, of(one, claimed)));
        }
    }

    private DueTerms terms(Taken one) {
        return new DueTerms(
                timeouts.claimTerms(one.registration()),
                one.grant().permits(),
                one.grant().retries(),
                slots.guard(one.registration()).isProven(),
                one.grant().probe(),
                one.grant().lastChancesOnly());
    }

    private static List<ClaimedSession> of(Taken one, List<ClaimedSession> claimed) {
        return claimed.stream()
                .filter(session ->
                        session.registration().equals(one.registration().name()))
                .toList();
    }

    /**
     * Claims the session that a caller waits for; empty if the caller has what it wants, or if it cannot be claimed
     * now. {@link #tryBegin} has taken its slot, which is then given back.
     */
    public Optional<ClaimedSession> one(RefreshDemand demand) {
        Optional<ClaimedSession> claimed = Optional.empty();
        try {
            pending.tryAll();
            claimed = claims.one(demand.id(), demand.condition(), timeouts.claimTerms(demand.registration()));
            return claimed;
        } finally {
            settle(demand, claimed);
        }
    }

    private void settle(RefreshDemand demand, Optional<ClaimedSession> claimed) {
        if (demand.target() == null) {
            claimed.ifPresentOrElse(
                    session -> slots.use(demand, session),
                    () -> slots.giveBackFor(demand.registration(), demand.failedBefore()));
        } else if (claimed.isEmpty()) {
            slots.giveBackAside(demand.registration(), 1);
        }
    }

    /**
     * Takes a slot for {@link #one}. Returns false if there is none; then the database need not be asked. Targets have only
     * a share of the permits: one that hangs must not keep the sessions' own refreshes waiting.
     */
    public boolean tryBegin(RefreshDemand demand) {
        if (demand.target() != null) {
            return slots.takeAside(demand.registration(), 1) == 1;
        }
        return slots.takeFor(demand.id(), demand.registration(), demand.failedBefore());
    }
}
