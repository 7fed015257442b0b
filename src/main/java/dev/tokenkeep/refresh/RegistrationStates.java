package dev.tokenkeep.refresh;

import dev.tokenkeep.tokenendpoint.RegistrationGuard;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each registration's state for operators, and the end of a pause. All methods block on the database. */
@ApplicationScoped
public class RegistrationStates {

    /**
     * A registration's state.
     *
     * @param pausedUntil null unless it is paused
     * @param pauseReason the error code that paused it; null unless it is paused
     * @param breaker of this process
     * @param permitsAvailable of this process
     * @param budgetRemaining token requests that the rate limit still allows right now, over all replicas; null for no limit
     */
    public record RegistrationState(
            String name,
            @Nullable Instant pausedUntil,
            @Nullable String pauseReason,
            RegistrationGuard.Breaker breaker,
            int permitsAvailable,
            @Nullable Integer budgetRemaining) {}

    /** All configured registrations, by name. */
    public List<RegistrationState> all() {
        throw new UnsupportedOperationException();
    }

    /** Ends a pause, if there is one; false for an unknown registration. */
    public boolean resume(String registration) {
        throw new UnsupportedOperationException();
    }
}
