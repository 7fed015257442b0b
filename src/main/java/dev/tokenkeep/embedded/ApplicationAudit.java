package dev.tokenkeep.embedded;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.SignInUnavailableException;
import dev.tokenkeep.TargetRefusedException;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.audit.AuditEntry;
import dev.tokenkeep.audit.AuditEntry.About;
import dev.tokenkeep.audit.AuditEntry.Decision;
import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit entries for what the application does through its beans, in the same form as for callers of the HTTP
 * API.
 */
@ApplicationScoped
class ApplicationAudit {

    /**
     * The owning caller of the sessions that the application registers. A configured caller of this name shares them.
     */
    static final String CALLER = "application";

    private static final About NOTHING = new About(null, null, null, null);
    private final AuditTrail trail;
    private final Ticker ticker;

    ApplicationAudit(AuditTrail trail, Ticker ticker) {
        this.trail = trail;
        this.ticker = ticker;
    }

    /**
     * Reads something and audits the read. Completes after the entry is written if auditing requires that.
     *
     * @param target whose token is read; null for the session's own
     * @param version returns the version of the token that was read
     */
    <T> CompletionStage<T> handingOut(
            String operation,
            String sessionId,
            @Nullable String target,
            Supplier<CompletionStage<T>> read,
            ToLongFunction<T> version) {
        long start = ticker.nanos();
        return Stages.unwrapped(read.get())
                .handle((found, failure) -> {
                    if (failure != null) {
                        trail.note(failed(operation, sessionId, failure, start));
                        return CompletableFuture.<T>failedStage(failure);
                    }
                    var about = new About(null, sessionId, null, version.applyAsLong(found), target);
                    AuditEntry entry = entry(operation, about, Decision.ALLOWED, null, start);
                    return trail.noteHandedOut(entry).thenApply(noted -> found);
                })
                .thenCompose(Function.identity());
    }

    /**
     * Runs {@code change}, audits it and returns its result: the session that was changed; empty if there was none.
     *
     * @param sessionId null if it is not known before
     */
    Optional<Session> changing(String operation, @Nullable String sessionId, Supplier<Optional<Session>> change) {
        long start = ticker.nanos();
        try {
            Optional<Session> changed = change.get();
            trail.note(changed.map(session -> entry(operation, about(session), Decision.ALLOWED, null, start))
                    .orElseGet(
                            () -> failed(operation, sessionId, new SessionNotFoundException("" + sessionId), start)));
            return changed;
        } catch (RuntimeException e) {
            trail.note(failed(operation, sessionId, e, start));
            throw e;
        }
    }

    /** Begins a sign-in, and audits that. */
    BegunSignIn beginning(String registration, Supplier<BegunSignIn> begin) {
        long start = ticker.nanos();
        try {
            BegunSignIn begun = begin.get();
            var about = new About(registration, null, null, null);
            trail.note(entry("beginAuthorization", about, Decision.ALLOWED, null, start));
            return begun;
        } catch (RuntimeException e) {
            trail.note(failed("beginAuthorization", null, e, start));
            throw e;
        }
    }

    /** Takes the last step of a sign-in, and audits what came of it. */
    SignInResult signingIn(String operation, Supplier<SignInResult> step) {
        long start = ticker.nanos();
        try {
            SignInResult result = step.get();
            trail.note(
                    result instanceof SignInResult.Completed completed
                            ? entry(operation, about(completed.session()), Decision.ALLOWED, null, start)
                            : entry(operation, NOTHING, Decision.REFUSED, result.code(), start));
            return result;
        } catch (RuntimeException e) {
            trail.note(failed(operation, null, e, start));
            throw e;
        }
    }

    private static About about(Session session) {
        return new About(
                session.registration(),
                session.id(),
                session.tokens().keyId(),
                session.tokens().version());
    }

    private AuditEntry failed(String operation, @Nullable String sessionId, Throwable failure, long start) {
        String reason = reason(failure);
        Decision decision = failure instanceof TokenUnavailableException || reason.equals("internal-error")
                ? Decision.FAILED
                : Decision.REFUSED;
        return entry(operation, new About(null, sessionId, null, null), decision, reason, start);
    }

    private AuditEntry entry(String operation, About about, Decision decision, @Nullable String reason, long start) {
        var call = new AuditEntry.Call(null, CALLER, Duration.ofNanos(ticker.nanos() - start));
        return new AuditEntry(call, operation, about, decision, reason);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof SessionNotFoundException) {
            return "session-not-found";
        }
        if (failure instanceof ReauthenticationRequiredException) {
            return "reauthentication-required";
        }
        if (failure instanceof UserActionRequiredException) {
            return "user-action-required";
        }
        if (failure instanceof UnknownTargetException) {
            return "invalid-request";
        }
        if (failure instanceof TargetRefusedException) {
            return "target-refused";
        }
        if (failure instanceof TokenNotBoundException) {
            return "token-not-bound";
        }
        if (failure instanceof SignInUnavailableException unavailable) {
            return switch (unavailable.reason()) {
                case NOT_POSSIBLE -> "sign-in-not-possible";
                case AUTHORIZATION_SERVER_UNAVAILABLE -> "authorization-server-unavailable";
                case TOO_MANY -> "too-many-requests";
            };
        }
        if (failure instanceof TokenUnavailableException unavailable) {
            return unavailable.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return failure instanceof IllegalArgumentException ? "invalid-request" : "internal-error";
    }
}
