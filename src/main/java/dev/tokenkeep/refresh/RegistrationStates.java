package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.Pauses;
import dev.tokenkeep.session.Pauses.Pause;
import dev.tokenkeep.tokenendpoint.RegistrationGuard;
import dev.tokenkeep.tokenendpoint.RegistrationGuards;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Each registration's state for operators, and the end of a pause. All methods block on the database. */
@ApplicationScoped
public class RegistrationStates {

    private final ClientRegistrations registrations;
    private final Pauses pauses;
    private final RegistrationGuards guards;

    RegistrationStates(ClientRegistrations registrations, Pauses pauses, RegistrationGuards guards) {
        this.registrations = registrations;
        this.pauses = pauses;
        this.guards = guards;
    }

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
        return registrations.all().stream()
                .sorted(Comparator.comparing(ClientRegistration::name))
                .map(this::state)
                .toList();
    }

    private RegistrationState state(ClientRegistration registration) {
        Optional<Pause> pause = pauses.holding(registration.name(), RefreshLimits.credential(registration));
        RegistrationGuard guard = guards.of(registration);
        Budget budget = RefreshLimits.budget(registration.rateLimit());
        return new RegistrationState(
                registration.name(),
                pause.map(Pause::until).orElse(null),
                pause.map(Pause::reason).orElse(null),
                guard.breaker(),
                guard.available(),
                budget == null ? null : pauses.budgetRemaining(registration.name(), budget));
    }

    /** Ends a pause, if there is one; false for an unknown registration. */
    public boolean resume(String registration) {
        Optional<ClientRegistration> known = registrations.find(registration);
        known.ifPresent(resumed -> {
            pauses.resume(registration);
            guards.of(resumed).forgive();
        });
        return known.isPresent();
    }
}
