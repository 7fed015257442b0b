package dev.tokenkeep.refresh;

import dev.tokenkeep.authorizationserver.JobPermits;
import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * The slots of refreshes. A slot is a permit, and a place among the refreshes in flight. It is taken before the claim, so
 * that what is claimed can be sent at once and a shutdown that begins now waits for it. The permit is given back once the
 * request is over, the place once the result is stored.
 */
@Singleton
public class RefreshSlots {

    private final RegistrationGuards guards;
    private final InFlightRefreshes inFlight;

    RefreshSlots(RegistrationGuards guards, InFlightRefreshes inFlight) {
        this.guards = guards;
        this.inFlight = inFlight;
    }

    /** Slots for the job, of which the claim may use fewer. */
    record Taken(ClientRegistration registration, JobPermits grant) {

        boolean isEmpty() {
            return grant.permits() == 0;
        }
    }

    Taken take(ClientRegistration registration, int most) {
        int room = inFlight.begin(registration, most);
        JobPermits grant = guard(registration).tryAcquire(room);
        inFlight.over(registration, room - grant.permits());
        return new Taken(registration, grant);
    }

    /** Gives back what the claim did not use. */
    void giveBack(Taken taken, List<ClaimedSession> claimed) {
        int retries =
                (int) claimed.stream().filter(ClaimedSession::failedBefore).count();
        guard(taken.registration()).giveBack(taken.grant(), claimed.size(), retries);
        inFlight.over(taken.registration(), taken.grant().permits() - claimed.size());
    }

    /**
     * Takes a slot for a caller that waits. Returns whether there was one.
     *
     * @param id of the session, or of the sign-in that becomes one
     */
    public boolean takeFor(String id, ClientRegistration registration, boolean failedBefore) {
        if (!inFlight.beginAwaited(registration)) {
            return false;
        }
        boolean permitted = guard(registration).tryAcquireFor(id, failedBefore);
        if (!permitted) {
            inFlight.over(registration, 1);
        }
        return permitted;
    }

    /** Gives back a slot that was taken for a caller and not used. */
    public void giveBackFor(ClientRegistration registration, boolean failedBefore) {
        inFlight.over(registration, 1);
        guard(registration).giveBackFor(failedBefore);
    }

    /** Takes up to {@code wanted} slots for requests beside the sessions' own refreshes. Returns how many. */
    public int takeAside(ClientRegistration registration, int wanted) {
        int room = inFlight.begin(registration, wanted);
        int permits = guard(registration).tryAcquireAside(room);
        inFlight.over(registration, room - permits);
        return permits;
    }

    /** Gives back slots of {@link #takeAside} that were not used. */
    public void giveBackAside(ClientRegistration registration, int number) {
        guard(registration).releaseAside(number);
        inFlight.over(registration, number);
    }

    /** Gives back the permit of {@link #takeAside}: the request is over. */
    public void answeredAside(ClientRegistration registration) {
        guard(registration).releaseAside(1);
    }

    /** Corrects a slot: the claim knows whether the session has failed before, and the caller had read that earlier. */
    void use(RefreshDemand demand, ClaimedSession claimed) {
        if (claimed.failedBefore() != demand.failedBefore()) {
            guard(demand.registration()).reclassify(claimed.failedBefore());
        }
    }

    /** Gives back the permit: the request is over. */
    public void answered(ClientRegistration registration, boolean failedBefore) {
        guard(registration).release(failedBefore);
    }

    /** Gives back the place in flight: the result is stored. */
    public void over(ClientRegistration registration) {
        inFlight.over(registration, 1);
    }

    public RegistrationGuard guard(ClientRegistration registration) {
        return guards.of(registration);
    }
}
