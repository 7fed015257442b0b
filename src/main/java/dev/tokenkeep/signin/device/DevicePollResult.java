package dev.tokenkeep.signin.device;

import dev.tokenkeep.audit.AuditEntry;
import dev.tokenkeep.audit.AuditEntry.About;
import dev.tokenkeep.audit.AuditEntry.Decision;
import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.exchange.Attempt;
import dev.tokenkeep.signin.exchange.SignInMetrics;
import dev.tokenkeep.signin.exchange.SignInResult;
import dev.tokenkeep.signin.exchange.SignInTokens;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.DeviceAuthorizations;
import dev.tokenkeep.signin.store.DeviceAuthorizations.Due;
import dev.tokenkeep.time.Durations;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Decides what a poll's response means (RFC 8628 §3.5): ask again, and when, or the sign-in is over. */
@Singleton
class DevicePollResult {

    private static final Duration SLOWER = Duration.ofSeconds(5);
    /** Polls of an unreachable server become no rarer. */
    private static final Duration RAREST = Duration.ofSeconds(30);

    private final DeviceAuthorizations store;
    private final SignInTokens tokens;
    private final SignInMetrics metrics;
    private final AuditTrail audit;

    DevicePollResult(DeviceAuthorizations store, SignInTokens tokens, SignInMetrics metrics, AuditTrail audit) {
        this.store = store;
        this.tokens = tokens;
        this.metrics = metrics;
        this.audit = audit;
    }

    /** Nothing was sent. If that was not our own delay, this replica may be the one that cannot reach the server. */
    private void notSent(Due due, TokenResult.NotSent notSent) {
        pollAgain(
                due,
                due.interval(),
                notSent.isOwnDelay() ? null : due.interval().multipliedBy(2));
    }

    /** The server did not answer, or failed. That is no reason to give up, but one to ask less often. */
    private void failed(Due due, @Nullable Duration retryAfter) {
        Duration doubled = due.interval().multipliedBy(2);
        Duration rarest = due.interval().compareTo(RAREST) > 0 ? due.interval() : RAREST;
        pollAgain(due, Durations.shorter(doubled, rarest), retryAfter);
    }

    private void pollAgain(Due due, Duration interval, @Nullable Duration retryAfter) {
        Duration wait = retryAfter == null || retryAfter.compareTo(interval) < 0 ? interval : retryAfter;
        store.pollAgain(due.authorization().id(), due.attempt(), interval, wait);
    }

    /** Blocks on the database. */
    CompletionStage<?> conclude(Due due, @Nullable Attempt attempt, TokenAnswer answer) {
        TokenResult result = answer.outcome();
        if (result instanceof TokenResult.NotSent notSent) {
            notSent(due, notSent);
        }
        if (attempt == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (result instanceof TokenResult.Refreshed tokensGiven) {
            return tokens.judge(attempt, tokensGiven.response(), answer.startedNanos())
                    .thenAccept(end -> note(due.authorization(), end));
        }
        if (result instanceof TokenResult.Refused refused) {
            return refused(due, attempt, refused);
        }
        if (result instanceof TokenResult.Unknown unknown) {
            // If the tokens were given and got lost, the next poll says that the code was used.
            failed(due, unknown.retryAfter());
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<?> refused(Due due, Attempt attempt, TokenResult.Refused refused) {
        switch (refused.code()) {
            case "authorization_pending" -> pollAgain(due, due.interval(), refused.retryAfter());
            case "slow_down" -> pollAgain(due, due.interval().plus(SLOWER), refused.retryAfter());
            case "expired_token" -> {
                store.expire(due.authorization().id(), due.attempt());
                note(due.authorization(), new SignInResult.Over("expired"));
            }
            default -> {
                if (!refused.leavesGrantOpen()) {
                    return tokens.fail(attempt, refused.code())
                            .thenAccept(end -> note(due.authorization(), told(refused.code(), end)));
                }
                failed(due, refused.retryAfter());
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    private static SignInResult told(String code, SignInResult end) {
        return code.equals("access_denied") ? new SignInResult.Denied(code) : end;
    }

    /** No call waits for this result, so it is counted and audited here. */
    private void note(Authorization authorization, SignInResult result) {
        metrics.ended(authorization, result);
        var call = new AuditEntry.Call(null, authorization.asked().caller(), null);
        if (result instanceof SignInResult.Completed completed) {
            Session session = completed.session();
            var about = new About(
                    session.registration(),
                    session.id(),
                    session.tokens().keyId(),
                    session.tokens().version());
            audit.note(new AuditEntry(call, "signedIn", about, Decision.ALLOWED, null));
        } else {
            var about = new About(authorization.asked().registration(), null, null, null);
            audit.note(new AuditEntry(call, "signedIn", about, Decision.REFUSED, result.code()));
        }
    }
}
