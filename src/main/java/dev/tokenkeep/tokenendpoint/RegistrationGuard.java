package dev.tokenkeep.tokenendpoint;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What stands between the refreshes and one authorization server in this process: permits (taken before a session is
 * claimed, so that what is claimed is sent at once) and a circuit breaker of its own. Thread-safe.
 */
public interface RegistrationGuard {

    /** Where the breaker stands. */
    enum Breaker {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** Takes up to {@code wanted} permits and answers how many: 0 while the breaker is open, 1 at most to probe. */
    int tryAcquire(int wanted);

    /** Gives permits back, used or not. */
    void release(int permits);

    /** Runs a request, for which a permit is held, through the breaker; an open breaker gives a NotSent answer. */
    CompletionStage<TokenAnswer> call(Supplier<CompletionStage<TokenAnswer>> request);

    Breaker breaker();

    /** Permits free right now. */
    int available();
}
