package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.audit.AuditEntry.PresentedUser;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.UserToken;
import dev.tokenkeep.caller.UserTokens;
import dev.tokenkeep.rest.CallerSessions;
import dev.tokenkeep.rest.SubjectTokens;
import dev.tokenkeep.rest.exchange.CallerAuthentication.AuthenticatedCaller;
import dev.tokenkeep.rest.exchange.WantedTokens.Wanted;
import dev.tokenkeep.rest.request.CurrentCall;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the session whose access token is wanted, and reads it. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class TokenExchange {

    private final CallerSessions sessions;
    private final SubjectTokens tokens;
    private final UserTokens users;
    private final WantedTokens wanted;
    private final CurrentCall call;

    TokenExchange(
            CallerSessions sessions, SubjectTokens tokens, UserTokens users, WantedTokens wanted, CurrentCall call) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.users = users;
        this.wanted = wanted;
        this.call = call;
    }

    /**
     * The read of a token.
     *
     * @param target whose token it is; null for the session's own
     */
    record Read(@Nullable String target, CompletionStage<AccessToken> token) {}

    /** Blocks on the database, but not on the authorization server or on an issuer. */
    Read read(TokenRequest request) {
        return request.exchange().ofSession() ? ofSession(request.exchange()) : ofUser(request);
    }

    private Read ofSession(ExchangeRequest request) {
        String id = request.subjectToken();
        if (request.audiences().isEmpty() && request.resources().isEmpty()) {
            // Its registration does not matter, so a token in memory needs no look at the database.
            return new Read(null, tokens.readById(id, null));
        }
        String target = wanted.of(sessions.require(id).registration(), request).target();
        return new Read(target, tokens.readById(id, target));
    }

    private Read ofUser(TokenRequest request) {
        AuthenticatedCaller by = request.caller();
        UserToken user = users.verified(request.exchange().subjectToken())
                .filter(known -> {
                    // Who is refused is noted too.
                    call.presents(new PresentedUser(known.issuerName(), known.actor()));
                    return known.allows(by.issuer(), by.subject());
                })
                .orElseThrow(() -> ExchangeError.of(
                        ExchangeError.INVALID_REQUEST,
                        "subject_token",
                        "is not a valid JWT of a user that this caller may present."));
        Caller caller = by.caller();
        Wanted what =
                wanted.of(name -> caller.mayUse(name) && user.registrations().has(name), request.exchange());
        call.aboutRegistration(what.registration());
        return new Read(
                what.target(),
                tokens.read(what.registration(), user.subject(), what.target(), Duration.ZERO)
                        .token());
    }
}
