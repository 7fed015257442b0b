package dev.tokenkeep.grants;

import dev.tokenkeep.grants.GrantResult.Unavailable;
import dev.tokenkeep.refresh.timing.RefreshTimeouts;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.budget.Budgets;
import dev.tokenkeep.session.budget.Pauses;
import dev.tokenkeep.signin.exchange.AsideRequests;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** What a grant needs before it is sent, so that it takes nothing from the sessions of its registration. */
@Singleton
public class GrantPermits {

    /** The code of a registration that is paused. */
    public static final String PAUSED = "registration_paused";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Pauses pauses;
    private final Budgets budgets;
    private final RefreshTimeouts timeouts;
    private final AsideRequests requests;

    GrantPermits(Pauses pauses, Budgets budgets, RefreshTimeouts timeouts, AsideRequests requests) {
        this.pauses = pauses;
        this.budgets = budgets;
        this.timeouts = timeouts;
        this.requests = requests;
    }

    /** Takes a permit and pays for the request. Returns why not, if it may not be sent now. Blocks on the database. */
    public Optional<Unavailable> take(ClientRegistration registration) {
        var paused = pauses.holding(registration.name(), registration.client().credential());
        if (paused.isPresent()) {
            return Optional.of(new Unavailable(PAUSED, paused.get().remaining()));
        }
        return takeAgain(registration);
    }

    /** Does the same for a registration that was not paused a moment ago. Asks the database only with a permit. */
    public Optional<Unavailable> takeAgain(ClientRegistration registration) {
        if (requests.begin(registration, 1) == 0) {
            return Optional.of(new Unavailable("no_permit", RETRY_AFTER));
        }
        boolean paid = false;
        try {
            paid = budgets.payForOne(timeouts.claimTerms(registration));
        } finally {
            if (!paid) {
                requests.giveUp(registration, 1);
            }
        }
        return paid ? Optional.empty() : Optional.of(new Unavailable("rate_limit_reached", RETRY_AFTER));
    }

    /** Gives back the permit of a request that is not sent after all. */
    public void giveUp(ClientRegistration registration) {
        requests.giveUp(registration, 1);
    }
}
