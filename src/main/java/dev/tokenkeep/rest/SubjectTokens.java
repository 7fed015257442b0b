package dev.tokenkeep.rest;

import dev.tokenkeep.AccessToken;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.targets.TargetTokenService;
import dev.tokenkeep.tokens.AccessTokenService;
import dev.tokenkeep.tokens.SubjectSessions;
import dev.tokenkeep.tokens.SubjectSessions.Whose;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads access tokens of the caller's newest active sessions. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class SubjectTokens {

    private final CallerSessions sessions;
    private final SubjectSessions subjects;
    private final AccessTokenService tokens;
    private final TargetTokenService targets;

    SubjectTokens(
            CallerSessions sessions, SubjectSessions subjects, AccessTokenService tokens, TargetTokenService targets) {
        this.sessions = sessions;
        this.subjects = subjects;
        this.tokens = tokens;
        this.targets = targets;
    }

    /** The read of the token of the session that was found. */
    public record Read(String sessionId, CompletionStage<AccessToken> token) {}

    /** Returns where the token of a session is read by its id, beside {@code /v1/access-token}. */
    static String location(String sessionId) {
        return "sessions/" + sessionId + "/access-token";
    }

    /**
     * Blocks on the database, but not on the authorization server.
     *
     * @param target null for the session's own access token
     */
    public Read read(String registration, String subject, @Nullable String target, Duration minTtl) {
        var whose = new Whose(sessions.caller().owners(), sessions.usable(registration), subject);
        String id = subjects.find(whose).orElseThrow(SubjectTokens::none);
        CompletionStage<AccessToken> read = readById(id, target, minTtl);
        if (!hasEnded(read)) {
            return new Read(id, read);
        }
        // Perhaps since it was found, and there is a newer one.
        String again = subjects.findAgain(whose).orElseThrow(SubjectTokens::none);
        return again.equals(id) ? new Read(id, read) : new Read(again, readById(again, target, minTtl));
    }

    /**
     * Does the same for a session by its id.
     *
     * @throws SessionNotFoundException if it cannot be a session's id
     */
    public CompletionStage<AccessToken> readById(String id, @Nullable String target) {
        return readById(CallerSessions.checked(id), target, Duration.ZERO);
    }

    private CompletionStage<AccessToken> readById(String id, @Nullable String target, Duration minTtl) {
        return target == null
                ? tokens.read(id, minTtl, sessions::admit)
                : targets.read(id, target, minTtl, sessions::admit);
    }

    private static boolean hasEnded(CompletionStage<AccessToken> read) {
        if (!read.toCompletableFuture().isCompletedExceptionally()) {
            return false;
        }
        try {
            read.toCompletableFuture().join();
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof SessionNotFoundException
                    || e.getCause() instanceof ReauthenticationRequiredException;
        }
    }

    private static ProblemException none() {
        return Problem.of(ProblemType.SESSION_NOT_FOUND, "This subject has no session with this registration.")
                .thrown();
    }
}
