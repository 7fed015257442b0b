package dev.tokenkeep.rest;

import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.crypto.UndecryptableException;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** What each failure is answered with. */
final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private Problems() {}

    static Problem of(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem.problem();
        }
        if (failure instanceof SessionNotFoundException) {
            return Problem.sessionNotFound();
        }
        if (failure instanceof ReauthenticationRequiredException dead) {
            return Problem.of(
                            409,
                            "reauthentication-required",
                            "The user has to sign in again",
                            "The session's grant is dead. PUT new tokens once the user has signed in again.")
                    .withCode(dead.code());
        }
        if (failure instanceof UserActionRequiredException user) {
            return Problem.of(
                            409,
                            "user-action-required",
                            "The user has to act",
                            "The authorization server wants something of the user before it goes on.")
                    .withCode(user.code());
        }
        if (failure instanceof TokenUnavailableException unavailable) {
            return unavailable(unavailable);
        }
        if (failure instanceof UndecryptableException) {
            LOG.errorf("A session can't be served: %s", failure.getMessage());
            return Problem.of(
                            503,
                            "key-unavailable",
                            "The session's key is missing",
                            "The session is kept, but the key that encrypts it is not in the key directory.")
                    .after(Duration.ofMinutes(1));
        }
        if (ofStorage(failure)) {
            LOG.errorf("The database does not answer: %s", failure.getClass().getName());
            return Problem.of(
                            503,
                            "storage-unavailable",
                            "The database does not answer",
                            "The sessions can't be reached right now; nothing is lost.")
                    .after(SOON);
        }
        LOG.error("A request failed", failure);
        return Problem.of(500, "internal-error", "This should not have happened", "The log tells what did.");
    }

    private static Problem unavailable(TokenUnavailableException unavailable) {
        return switch (unavailable.reason()) {
            case AUTHORIZATION_SERVER_UNAVAILABLE ->
                Problem.of(
                                503,
                                "authorization-server-unavailable",
                                "The authorization server gives no token right now",
                                "The session is kept and goes on by itself once the authorization server does.")
                        .after(unavailable.retryAfter());
            case REGISTRATION_PAUSED ->
                Problem.of(
                                503,
                                "registration-paused",
                                "The client registration is paused",
                                "The authorization server refuses the client or asks to be left alone; the session is kept.")
                        .after(unavailable.retryAfter());
        };
    }

    private static boolean ofStorage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || cause instanceof PersistenceException) {
                return true;
            }
        }
        return false;
    }
}
