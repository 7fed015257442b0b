package dev.tokenkeep.problem;

import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.database.DatabaseUnavailableException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/** Turns whatever ends a call into the problem that is answered, and logs what only the operator can mend. */
public final class Problems {

    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration KEYS_AGAIN = Duration.ofMinutes(1);
    private static final int DEEPEST_CAUSE = 20;

    private Problems() {}

    /** @param call for the log, such as {@code TokensResource.readAccessToken} */
    public static Problem of(Throwable failure, String call) {
        Throwable plain =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (plain instanceof ProblemException known) {
            return known.problem();
        }
        if (plain instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
            return ofStatus(web.getResponse().getStatus());
        }
        if (plain instanceof SecurityException || plain instanceof AuthenticationCompletionException) {
            return ofSecurity(plain);
        }
        if (plain instanceof UndecryptableException) {
            LOG.errorf("%s failed: %s", call, plain.getMessage());
            return Problem.of(
                            ProblemType.KEY_UNAVAILABLE,
                            "The session is kept, but the key that encrypts it is not in the key directory.")
                    .retryAfter(KEYS_AGAIN);
        }
        if (plain instanceof AuditUnavailableException) {
            return Problem.of(ProblemType.AUDIT_UNAVAILABLE, "No token is handed out that is not in the audit table")
                    .retryAfter(SOON);
        }
        return isStorages(plain) ? storage(plain, call) : ofSession(plain, call);
    }

    /** For {@link #of}; a request that met no call has no names. */
    public static String name(SimpleResourceInfo call) {
        Class<?> resource = call.getResourceClass();
        return resource == null ? "A request" : resource.getSimpleName() + "." + call.getMethodName();
    }

    private static Problem ofSession(Throwable failure, String call) {
        if (failure instanceof SessionNotFoundException) {
            return Problem.of(ProblemType.SESSION_NOT_FOUND, "No session of this caller has this id");
        }
        if (failure instanceof ReauthenticationRequiredException dead) {
            return Problem.of(
                            ProblemType.REAUTHENTICATION_REQUIRED,
                            "The session can't be refreshed until PUT brings it new tokens")
                    .with("code", dead.code());
        }
        if (failure instanceof UserActionRequiredException action) {
            return Problem.of(
                            ProblemType.USER_ACTION_REQUIRED,
                            "The authorization server wants something of the user before it refreshes the session")
                    .with("code", action.code());
        }
        if (failure instanceof TokenUnavailableException unavailable) {
            return unavailable(unavailable.reason()).retryAfter(unavailable.retryAfter());
        }
        LOG.errorf(failure, "%s failed", call);
        return Problem.of(ProblemType.INTERNAL_ERROR, "The log of the service has the cause");
    }

    private static Problem unavailable(Reason reason) {
        return switch (reason) {
            case AUTHORIZATION_SERVER_UNAVAILABLE ->
                Problem.of(
                        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                        "The session is kept, and refreshed as soon as the authorization server allows it");
            case REGISTRATION_PAUSED ->
                Problem.of(
                        ProblemType.REGISTRATION_PAUSED,
                        "The authorization server refuses the client registration; every session of it is kept");
        };
    }

    /** 401 and 403; RFC 6750 §3 tells no token from a bad one. */
    private static Problem ofSecurity(Throwable failure) {
        if (failure instanceof AuthenticationFailedException || failure instanceof AuthenticationCompletionException) {
            return invalidToken("The caller's token is not valid here");
        }
        if (failure instanceof UnauthorizedException) {
            return ofStatus(401);
        }
        return failure instanceof ForbiddenException
                ? ofStatus(403)
                : Problem.of(ProblemType.FORBIDDEN, "The request was refused");
    }

    /** RFC 6750 §3.1. */
    public static Problem invalidToken(String detail) {
        return Problem.of(ProblemType.UNAUTHORIZED, detail)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    }

    /** What HTTP alone knows. */
    static Problem ofStatus(int status) {
        ProblemType type = ProblemType.of(status);
        return switch (type) {
            case UNAUTHORIZED ->
                Problem.of(type, "The call needs a caller's token: Authorization: Bearer")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case FORBIDDEN -> Problem.of(type, "The token's caller is not known here, or lacks the permission");
            case NOT_FOUND -> Problem.of(type, "No call of the API has this path");
            case METHOD_NOT_ALLOWED -> Problem.of(type, "The header Allow has the methods of this path");
            case NOT_ACCEPTABLE -> Problem.of(type, "The call answers application/json");
            case UNSUPPORTED_MEDIA_TYPE -> Problem.of(type, "The call takes application/json");
            case BODY_TOO_LARGE -> bodyTooLarge();
            case INTERNAL_ERROR -> Problem.of(type, "The log of the service has the cause");
            case INVALID_REQUEST -> Problem.invalid("", "The request is not well-formed HTTP");
            default -> Problem.of(type, type.title());
        };
    }

    /** The rest of the body is not read: the connection can't go on. */
    public static Problem bodyTooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "A body may have " + Problem.LARGEST_BODY / 1024 + " KiB.")
                .header("Connection", "close");
    }

    private static Problem storage(Throwable failure, String call) {
        DatabaseFailure.log(LOG, failure, "%s failed on the storage", call);
        return Problem.of(ProblemType.STORAGE_UNAVAILABLE, "Nothing was lost; the same call may succeed soon")
                .retryAfter(SOON);
    }

    private static boolean isStorages(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++) {
            if (at instanceof SQLException
                    || at instanceof DatabaseUnavailableException
                    || at instanceof PersistenceException
                    || at instanceof RollbackException
                    || at instanceof SystemException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
