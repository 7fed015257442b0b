package dev.tokenkeep.refresh;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.session.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * Answers tokens, refreshing first where that is needed. Call on a thread that may block for a database read; whatever
 * takes longer happens elsewhere and completes the stage. Stages fail with the unchecked exceptions of the root package,
 * never wrapped.
 */
@ApplicationScoped
public class AccessTokenReader {

    /** An access token that lives for {@code minTtl} (capped by the margin) where that can be had. */
    public CompletionStage<AccessToken> read(String sessionId, Duration minTtl) {
        throw new UnsupportedOperationException();
    }

    /** The ID token of the last token response that had one, after a refresh if {@code fresh}. */
    public CompletionStage<IdToken> idToken(String sessionId, boolean fresh) {
        throw new UnsupportedOperationException();
    }

    /**
     * Refreshes, joining only a refresh that started after this call.
     *
     * @param ifVersion refreshes only if the session is still at this version
     */
    public CompletionStage<Session> refresh(String sessionId, OptionalLong ifVersion) {
        throw new UnsupportedOperationException();
    }
}
