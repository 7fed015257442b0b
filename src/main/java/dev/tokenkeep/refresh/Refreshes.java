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
    private final TracedRefresh refresh;
    private final OnDemandRefresh onDemand;
    private final Waits waits;

    Refreshes(TracedRefresh refresh, OnDemandRefresh onDemand, Waits waits) {
        this.refresh = refresh;
        this.onDemand = onDemand;
        this.waits = waits;
    }

    /** For the job: refreshes what it has claimed; readers may join. */
    CompletionStage<Ending> claimed(ClaimedSession claimed, ClientRegistration registration) {
        CompletionStage<Ending> ending = refresh.refresh(claimed, registration);
        flights.offer(claimed.id(), ending);
        return ending;
    }

    /** For a reader whose token is of {@code version}: joins the refresh under way, here or elsewhere, or makes one. */
    CompletableFuture<Ending> needed(String id, ClientRegistration registration, long version) {
        try (var waiting = waits.begin(id, registration)) {
            return waiting.until(
                    flights.join(id, () -> onDemand.start(id, registration, false, OptionalLong.of(version))));
        }
    }

    /** As {@link #needed}, whether or not the session is due. */
    CompletableFuture<Ending> forcedFrom(String id, ClientRegistration registration, long version) {
        try (var waiting = waits.begin(id, registration)) {
            return waiting.until(
                    flights.join(id, () -> onDemand.start(id, registration, true, OptionalLong.of(version))));
        }
    }

    /** A refresh that starts after this call. */
    CompletableFuture<Ending> forced(String id, ClientRegistration registration) {
        try (var waiting = waits.begin(id, registration)) {
            return waiting.until(
                    flights.joinNext(id, () -> onDemand.start(id, registration, true, OptionalLong.empty())));
        }
    }
}
