package dev.tokenkeep.refresh;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.Registered;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionPage;
import dev.tokenkeep.session.SessionQuery;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Registers, replaces, finds and removes sessions for the doors, and tells the application of it by CDI events. All
 * methods block on the database.
 */
@ApplicationScoped
public class KeptSessions {

    /** Keeps a session; {@code response} has a refresh token. */
    public Registered register(String registration, String subject, String owningCaller, TokenResponse response) {
        throw new UnsupportedOperationException();
    }

    /**
     * New tokens for a session that exists; {@code response} has a refresh token.
     *
     * @throws dev.tokenkeep.SessionNotFoundException if there is none, or it was removed
     */
    public Registered replace(String sessionId, TokenResponse response) {
        throw new UnsupportedOperationException();
    }

    /** Empty if there is none, or it was removed. Whose it is, the caller has to look at. */
    public Optional<Session> find(String sessionId) {
        throw new UnsupportedOperationException();
    }

    public SessionPage page(SessionQuery query) {
        throw new UnsupportedOperationException();
    }

    /** False if there was none. */
    public boolean remove(String sessionId) {
        throw new UnsupportedOperationException();
    }

    /** Removes what {@code query} finds (its limit and after aside) and answers how many. */
    public int removeAll(SessionQuery query) {
        throw new UnsupportedOperationException();
    }
}
