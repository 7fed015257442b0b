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
public final class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration KEYS_AGAIN = Duration.ofMinutes(1);
    private static final int DEEPEST_CAUSE = 20;

    private ProblemMapper() {}

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
            return Problem.of(ProblemType.AUDIT_UNAVAILABLE, "No token is returned without an entry in the audit table")
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
            return Problem.of(ProblemType.SESSION_NOT_FOUND, "The caller has no session with this id");
        }
        if (failure instanceof ReauthenticationRequiredException dead) {
            return Problem.of(
                            ProblemType.REAUTHENTICATION_REQUIRED,
                            "After the user has signed in again, PUT the new tokens")
                    .with("code", dead.code());
        }
        if (failure instanceof UserActionRequiredException action) {
            return Problem.of(
                            ProblemType.USER_ACTION_REQUIRED,
                            "The authorization server requires an action of the user, such as a second factor or a consent")
                    .with("code", action.code());
        }
        if (failure instanceof TokenUnavailableException unavailable) {
            return unavailable(unavailable.reason()).retryAfter(unavailable.retryAfter());
        }
        LOG.errorf(failure, "%s failed", call);
        return Problem.of(ProblemType.INTERNAL_ERROR, "See the log of the service for the cause");
    }

    private static Problem unavailable(Reason reason) {
        return switch (reason) {
            case AUTHORIZATION_SERVER_UNAVAILABLE ->
                Problem.of(
                        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                        "The session is kept and is refreshed as soon as the authorization server answers");
            case REGISTRATION_PAUSED ->
                Problem.of(
                        ProblemType.REGISTRATION_PAUSED,
                        "The authorization server refuses this client; all its sessions are kept");
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
                Problem.of(type, "A caller's token is required: Authorization: Bearer")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case FORBIDDEN -> Problem.of(type, "The caller is unknown, or lacks the permission");
            case NOT_FOUND -> Problem.of(type, "No resource has this path");
            case METHOD_NOT_ALLOWED -> Problem.of(type, "See the header Allow for the methods of this path");
            case NOT_ACCEPTABLE -> Problem.of(type, "The call answers application/json");
            case UNSUPPORTED_MEDIA_TYPE -> Problem.of(type, "The call takes application/json");
            case BODY_TOO_LARGE -> bodyTooLarge();
            case INTERNAL_ERROR -> Problem.of(type, "See the log of the service for the cause");
            case INVALID_REQUEST -> Problem.invalid("", "The request is not well-formed HTTP");
            default -> Problem.of(type, type.title());
        };
    }

    /** The rest of the body is not read: the connection can't go on. */
    public static Problem bodyTooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The limit is " + Problem.LARGEST_BODY / 1024 + " KiB.")
                .header("Connection", "close");
    }

    private static Problem storage(Throwable failure, String call) {
        DatabaseFailure.log(LOG, failure, "%s failed on the storage", call);
        return Problem.of(ProblemType.STORAGE_UNAVAILABLE, "Nothing was lost; try the same call again")
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
