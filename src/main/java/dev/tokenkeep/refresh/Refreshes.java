package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.ClaimedSession;
import jakarta.inject.Singleton;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The refreshes under way in this process, one for a session, whoever started it. */
@Singleton
class Refreshes {

    private final SingleFlight<Ending> flights = new SingleFlight<>();
    private final RefreshSession refreshSession;
    private final OnDemandRefresh onDemand;

    Refreshes(RefreshSession refreshSession, OnDemandRefresh onDemand) {
        this.refreshSession = refreshSession;
        this.onDemand = onDemand;
    }

    /** For the job: refreshes what it has claimed; readers may join. */
    CompletionStage<Ending> claimed(ClaimedSession claimed, ClientRegistration registration) {
        CompletionStage<Ending> refresh = refreshSession.refresh(claimed, registration);
        flights.offer(claimed.id(), refresh);
        return refresh;
    }

    /** For a reader whose token is of {@code version}: joins the refresh under way, here or elsewhere, or makes one. */
    CompletableFuture<Ending> needed(String id, ClientRegistration registration, long version) {
        return flights.join(id, () -> onDemand.start(id, registration, false, OptionalLong.of(version)));
    }

    /** As {@link #needed}, whether or not the session is due. */
    CompletableFuture<Ending> forcedFrom(String id, ClientRegistration registration, long version) {
        return flights.join(id, () -> onDemand.start(id, registration, true, OptionalLong.of(version)));
    }

    /** A refresh that starts after this call. */
    CompletableFuture<Ending> forced(String id, ClientRegistration registration) {
        return flights.joinNext(id, () -> onDemand.start(id, registration, true, OptionalLong.empty()));
    }
}
