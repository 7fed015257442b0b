package dev.tokenkeep.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.TokenSessions;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.RegistrationResult.Existing;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Stored;
import dev.tokenkeep.session.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;

/** Manages sessions within the process. They belong to the application itself. */
@ApplicationScoped
class CdiTokenSessions implements TokenSessions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionService sessions;
    private final ApplicationAudit audit;

    CdiTokenSessions(SessionService sessions, ApplicationAudit audit) {
        this.sessions = sessions;
        this.audit = audit;
    }

    @Override
    public String register(String registration, String subject, String tokenResponse) {
        return audit.changing(
                        "registerSession",
                        null,
                        () -> kept(valid(() -> sessions.register(
                                registration, subject, ApplicationAudit.CALLER, parsed(tokenResponse)))))
                .orElseThrow()
                .id();
    }

    @Override
    public void replace(String sessionId, String tokenResponse) {
        audit.changing(
                "replaceTokens",
                sessionId,
                () -> kept(valid(() -> sessions.replace(sessionId, parsed(tokenResponse)))));
    }

    @Override
    public boolean remove(String sessionId) {
        return audit.changing("removeSession", sessionId, () -> sessions.remove(sessionId))
                .isPresent();
    }

    private static Optional<Session> kept(RegistrationResult registered) {
        return switch (registered.kind()) {
            case STORED -> Optional.of(((Stored) registered).session());
            case EXISTING -> Optional.of(((Existing) registered).session());
            case KEPT_ELSEWHERE ->
                throw new IllegalArgumentException(
                        "token_response.refresh_token: " + ((KeptElsewhere) registered).sentence());
        };
    }

    private static <T> T valid(Supplier<T> used) {
        try {
            return used.get();
        } catch (InvalidTokenResponse e) {
            throw new IllegalArgumentException(e.path() + ": " + e.getMessage());
        }
    }

    private static TokenResponse parsed(String tokenResponse) {
        JsonNode json;
        try {
            json = JSON.readTree(tokenResponse);
        } catch (JsonProcessingException e) {
            // Without the cause, because its message quotes the input.
            throw new IllegalArgumentException("token_response: not JSON");
        }
        return valid(() -> RegisteredTokens.read(json));
    }
}
