package dev.tokenkeep.refresh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.TokenSessions;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.Registered;
import dev.tokenkeep.session.Registered.Existing;
import dev.tokenkeep.session.Registered.Stored;
import jakarta.enterprise.context.ApplicationScoped;

/** The in-process door to sessions. Its sessions belong to the application itself. */
@ApplicationScoped
class CdiTokenSessions implements TokenSessions {

    /** The owning caller of what the application registers itself; a configured caller of this name shares them. */
    private static final String APPLICATION = "application";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeptSessions sessions;

    CdiTokenSessions(KeptSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public String register(String registration, String subject, String tokenResponse) {
        return id(sessions.register(registration, subject, APPLICATION, parsed(tokenResponse)));
    }

    @Override
    public void replace(String sessionId, String tokenResponse) {
        id(sessions.replace(sessionId, parsed(tokenResponse)));
    }

    @Override
    public boolean remove(String sessionId) {
        return sessions.remove(sessionId);
    }

    private static String id(Registered registered) {
        return switch (registered.kind()) {
            case STORED -> ((Stored) registered).session().id();
            case EXISTING -> ((Existing) registered).session().id();
            case KEPT_ELSEWHERE ->
                throw new IllegalArgumentException(
                        "token_response.refresh_token: another session keeps this refresh token already");
        };
    }

    private static TokenResponse parsed(String tokenResponse) {
        JsonNode json;
        try {
            json = JSON.readTree(tokenResponse);
        } catch (JsonProcessingException e) {
            // Not as the cause: its message quotes what was read.
            throw new IllegalArgumentException("token_response: not JSON");
        }
        try {
            return RegisteredTokens.read(json);
        } catch (InvalidTokenResponse e) {
            throw new IllegalArgumentException("token_response." + e.member() + ": " + e.getMessage());
        }
    }
}
