package dev.tokenkeep.grants;

import dev.tokenkeep.authorizationserver.TokenAnswer;
import dev.tokenkeep.grants.GrantResult.Granted;
import dev.tokenkeep.grants.GrantResult.Refused;
import dev.tokenkeep.grants.GrantResult.Unavailable;
import dev.tokenkeep.lifecycle.ReceivedTokens;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.lifecycle.UnkeptTokens;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.refresh.AccessTokenRule;
import dev.tokenkeep.refresh.PendingWrites;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationGoneException;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.signin.exchange.AsideRequests;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Begins sessions with a token of elsewhere: token exchange (RFC 8693) and JWT bearer grants (RFC 7523, also Entra's
 * on-behalf-of). The tokens that come are stored, however long the database takes.
 */
@Singleton
public class GrantExchange {

    private final GrantPermits permits;
    private final AsideRequests requests;
    private final SessionService sessions;
    private final PendingWrites pending;
    private final UnkeptTokens unkept;
    private final Ticker ticker;

    GrantExchange(
            GrantPermits permits,
            AsideRequests requests,
            SessionService sessions,
            PendingWrites pending,
            UnkeptTokens unkept,
            Ticker ticker) {
        this.permits = permits;
        this.requests = requests;
        this.sessions = sessions;
        this.pending = pending;
        this.unkept = unkept;
        this.ticker = ticker;
    }

    /**
     * Sends the grant once. Blocks on the database, but not on the authorization server.
     *
     * @param goingOn where the tokens are stored
     */
    public CompletionStage<GrantResult> exchange(GrantRequest asked, Executor goingOn) {
        ClientRegistration registration = asked.registration();
        Optional<Unavailable> notNow = permits.take(registration);
        if (notNow.isPresent()) {
            return CompletableFuture.completedFuture(notNow.get());
        }
        Secret dpopKey = registration.accessTokens().newDpopKey();
        return requests.send(registration, asked.grant().boundTo(dpopKey), requests.sending())
                .whenComplete((answer, failure) -> requests.answered(registration))
                .thenComposeAsync(answer -> conclude(asked, dpopKey, answer), goingOn)
                .whenComplete((result, failure) -> requests.over(registration));
    }

    private CompletionStage<GrantResult> conclude(GrantRequest asked, @Nullable Secret dpopKey, TokenAnswer answer) {
        TokenResult result = answer.outcome();
        return switch (result.kind()) {
            case REFRESHED ->
                stored(asked, dpopKey, ((TokenResult.Refreshed) result).response(), answer.startedNanos());
            case REFUSED -> CompletableFuture.completedFuture(refused((TokenResult.Refused) result));
            case UNKNOWN, NOT_SENT -> CompletableFuture.completedFuture(new Unavailable(result.code(), null));
        };
    }

    private static GrantResult refused(TokenResult.Refused refused) {
        return refused.leavesGrantOpen()
                ? new Unavailable(refused.code(), refused.retryAfter())
                : new Refused(refused.code(), refused.claims());
    }

    private CompletionStage<GrantResult> stored(
            GrantRequest asked, @Nullable Secret dpopKey, TokenResponse response, long startedNanos) {
        TokenResponse kept = AccessTokenRule.servable(response, asked.registration(), dpopKey != null)
                .withDefaultScope(asked.scope());
        try {
            asked.registration().check(kept);
        } catch (InvalidTokenResponse e) {
            return CompletableFuture.completedFuture(new Refused(FailureCode.REFRESH_TOKEN_MISSING, null));
        }
        return pending.write(UUID.randomUUID(), () -> {
            // The write may have waited for the database.
            Duration age = Duration.ofNanos(ticker.nanos() - startedNanos);
            var tokens = new ReceivedTokens(kept, age, dpopKey, result -> {});
            try {
                return new Granted(sessions.register(asked.registration(), asked.subject(), asked.caller(), tokens));
            } catch (RegistrationGoneException e) {
                Secret credential = Renewal.of(response, null).credential();
                if (sessions.mayRevoke(asked.registration(), credential)) {
                    unkept.revoke(asked.registration(), asked.registration().name(), credential);
                }
                return new Refused(FailureCode.REGISTRATION_GONE, null);
            }
        });
    }
}
