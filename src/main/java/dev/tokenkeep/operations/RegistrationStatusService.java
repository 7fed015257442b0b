package dev.tokenkeep.operations;

import dev.tokenkeep.authorizationserver.Reachability;
import dev.tokenkeep.authorizationserver.RegistrationGuard;
import dev.tokenkeep.authorizationserver.RegistrationGuards;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.ClaimTerms.Budget;
import dev.tokenkeep.session.budget.Pauses;
import dev.tokenkeep.session.budget.Pauses.Pause;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Returns each registration's state for operators and ends pauses. All methods block on the database. */
@ApplicationScoped
public class RegistrationStatusService {

    private final ClientRegistrations registrations;
    private final Pauses pauses;
    private final RegistrationGuards guards;
    private final Reachability reachability;

    RegistrationStatusService(
            ClientRegistrations registrations, Pauses pauses, RegistrationGuards guards, Reachability reachability) {
        this.registrations = registrations;
        this.pauses = pauses;
        this.guards = guards;
        this.reachability = reachability;
    }

    /**
     * A registration's state.
     *
     * @param pause null unless it is paused
     * @param breaker of this process
     * @param trouble why this process cannot reach the authorization server, as a code; null if it can or has not tried
     * @param permitsAvailable of this process
     * @param budgetRemaining token requests that the rate limit still allows now, over all replicas; null without a
     *     limit
     */
    public record RegistrationState(
            String name,
            @Nullable Pause pause,
            RegistrationGuard.Breaker breaker,
            @Nullable String trouble,
            int permitsAvailable,
            @Nullable Integer budgetRemaining) {}

    /** Returns all configured registrations, sorted by name. */
    public List<RegistrationState> all() {
        return states(registrations.all());
    }

    /** Returns one of them; empty if it is not configured. */
    public Optional<RegistrationState> find(String registration) {
        return registrations
                .find(registration)
                .flatMap(known -> states(List.of(known)).stream().findFirst());
    }

    private List<RegistrationState> states(Collection<ClientRegistration> some) {
        var credentials = new HashMap<String, Secret>();
        var budgets = new HashMap<String, Budget>();
        some.forEach(registration -> {
            credentials.put(registration.name(), registration.client().credential());
            Budget budget = RefreshTimeouts.budget(registration.limits().rateLimit());
            if (budget != null) {
                budgets.put(registration.name(), budget);
            }
        });
        Map<String, Pause> paused = pauses.holding(credentials);
        Map<String, Integer> remaining = pauses.budgetsRemaining(budgets);
        return some.stream()
                .sorted(Comparator.comparing(ClientRegistration::name))
                .map(it -> state(it, paused.get(it.name()), remaining.get(it.name())))
                .toList();
    }

    private RegistrationState state(
            ClientRegistration registration, @Nullable Pause pause, @Nullable Integer budgetRemaining) {
        Optional<RegistrationGuard> guard = guards.known(registration);
        return new RegistrationState(
                registration.name(),
                pause,
                guard.map(RegistrationGuard::breaker).orElse(RegistrationGuard.Breaker.CLOSED),
                reachability.trouble(registration.name()).orElse(null),
                guard.map(RegistrationGuard::available)
                        .orElse(registration.limits().maxConcurrency()),
                budgetRemaining);
    }

    /** Ends a registration's pause, if there is one. Returns false for an unknown registration. */
    public boolean resume(String registration) {
        Optional<ClientRegistration> known = registrations.find(registration);
        known.ifPresent(resumed -> {
            pauses.resume(registration);
            guards.of(resumed).forgive();
        });
        return known.isPresent();
    }
}
