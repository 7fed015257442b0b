package dev.tokenkeep.embedded;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.SignInUnavailableException;
import dev.tokenkeep.SignInUnavailableException.Reason;
import dev.tokenkeep.SignIns;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.SignInConfirmation;
import dev.tokenkeep.signin.SignInException;
import dev.tokenkeep.signin.SignInStart;
import dev.tokenkeep.signin.SignInWaiters;
import dev.tokenkeep.signin.exchange.SignInMetrics;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.time.Durations;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Signs users in within the process. The sessions belong to the application itself. */
@ApplicationScoped
class CdiSignIns implements SignIns {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** Metadata, a request and the database may each take their time. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

    private static final SignInResult UNKNOWN = new SignInResult.Over("unknown");

    private final ApplicationSignIns own;
    private final SignInStart start;
    private final SignInConfirmation confirmation;
    private final SignInWaiters waiters;
    private final SignInMetrics metrics;
    private final ApplicationAudit audit;

    CdiSignIns(
            ApplicationSignIns own,
            SignInStart start,
            SignInConfirmation confirmation,
            SignInWaiters waiters,
            SignInMetrics metrics,
            ApplicationAudit audit) {
        this.own = own;
        this.start = start;
        this.confirmation = confirmation;
        this.waiters = waiters;
        this.metrics = metrics;
        this.audit = audit;
    }

    @Override
    public BegunSignIn begin(NewSignIn signIn) {
        BegunSignIn begun = audit.beginning(signIn.registration(), () -> {
            try {
                return awaited(start.begin(own.registration(signIn), own.request(signIn)), CdiSignIns::notBegun);
            } catch (SignInException e) {
                throw SignInFailures.of(e);
            }
        });
        metrics.begun(signIn.registration());
        return begun;
    }

    private static BegunSignIn notBegun() {
        throw new SignInUnavailableException(
                Reason.AUTHORIZATION_SERVER_UNAVAILABLE,
                "timeout",
                "The sign-in did not begin in time",
                SignInOutcomes.DEFAULT_RETRY_AFTER);
    }

    @Override
    public SignInOutcome complete(String id, String callback) {
        return ended("completeAuthorization", id, signIn -> own.complete(signIn, callback));
    }

    @Override
    public SignInOutcome confirm(String id, String code, String subject) {
        return ended("confirmAuthorization", id, signIn -> confirmation.confirm(signIn, Secret.of(code), subject));
    }

    private SignInOutcome ended(
            String operation, String id, Function<Authorization, CompletionStage<SignInResult>> step) {
        SignInResult result = audit.signingIn(
                operation,
                () -> own.find(id)
                        .map(signIn -> counted(signIn, awaited(step.apply(signIn), SignInResult.Exchanging::new)))
                        .orElse(UNKNOWN));
        return SignInOutcomes.of(result);
    }

    private SignInResult counted(Authorization signIn, SignInResult result) {
        metrics.ended(signIn, result);
        return result;
    }

    @Override
    public SignInOutcome await(String id, Duration longest) {
        Duration wait = Durations.shorter(longest, LONGEST_WAIT);
        return own.find(id)
                .map(signIn -> awaited(waiters.await(signIn, wait, Integer.MAX_VALUE), () -> signIn))
                .map(signIn -> SignInOutcomes.of(signIn.progress()))
                .orElseGet(() -> SignInOutcomes.of(UNKNOWN));
    }

    /** @param late what is known if the stage takes too long, such as while the database is away */
    private static <T> T awaited(CompletionStage<T> stage, Supplier<T> late) {
        try {
            return stage.toCompletableFuture().get(LONGEST_CALL.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return late.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException plain ? plain : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a sign-in", e);
        }
    }
}
