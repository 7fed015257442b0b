package dev.tokenkeep.problem;

import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TargetRefusedException;
import dev.tokenkeep.TokenNotBoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.UnknownTargetException;
import dev.tokenkeep.UserActionRequiredException;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.database.DatabaseUnavailableException;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.registration.RegistrationGoneException;
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

/** Maps any failure of a call to the problem that is returned. Logs what only the operator can fix. */
public final class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration KEY_RETRY_AFTER = Duration.ofMinutes(1);
    private static final int DEEPEST_CAUSE = 20;

    private ProblemMapper() {}

    /** @param call the call's name for the log, such as {@code TokensResource.readAccessToken} */
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
                            "The session is kept, but its encryption key is not in the key directory")
                    .retryAfter(KEY_RETRY_AFTER);
        }
        if (plain instanceof AuditUnavailableException) {
            return Problem.of(ProblemType.AUDIT_UNAVAILABLE, "No token is returned without an entry in the audit table")
                    .retryAfter(DEFAULT_RETRY_AFTER);
        }
        return isStorages(plain) ? storage(plain, call) : ofSession(plain, call);
    }

    /** Returns the call's name for {@link #of}; {@code A request} if it reached no resource. */
    public static String name(SimpleResourceInfo call) {
        Class<?> resource = call.getResourceClass();
        return resource == null ? "A request" : resource.getSimpleName() + "." + call.getMethodName();
    }

    private static Problem ofSession(Throwable failure, String call) {
        if (failure instanceof SessionNotFoundException) {
            return Problem.of(ProblemType.SESSION_NOT_FOUND, "The caller has no session with this id");
        }
        if (failure instanceof RegistrationGoneException) {
            return Problem.invalid("registration", failure.getMessage() + ".");
        }
        if (failure instanceof InvalidTokenResponse invalid) {
            return Problem.invalid(invalid.path(), invalid.path() + ": " + invalid.getMessage() + ".");
        }
        if (failure instanceof ReauthenticationRequiredException dead) {
            return Problem.of(
                            ProblemType.REAUTHENTICATION_REQUIRED,
                            "Begin a sign-in of this session. Or, once the user has signed in again, PUT the new tokens")
                    .with("code", dead.code())
                    .with("registration", dead.registration())
                    .with("subject", dead.subject())
                    .with("session", dead.sessionId());
        }
        if (failure instanceof UserActionRequiredException action) {
            return Problem.of(
                            ProblemType.USER_ACTION_REQUIRED,
                            "The authorization server requires an action by the user, such as a second factor or"
                                    + " consent")
                    .with("code", action.code())
                    .with("registration", action.registration())
                    .with("subject", action.subject())
                    .with("session", action.sessionId());
        }
        if (failure instanceof UnknownTargetException unknown) {
            return Problem.invalid(
                    "target",
                    "target: registration " + unknown.registration() + " has no such target; it has: "
                            + (unknown.targets().isEmpty() ? "none" : String.join(", ", unknown.targets())) + ".");
        }
        if (failure instanceof TargetRefusedException refused) {
            return Problem.of(
                            ProblemType.TARGET_REFUSED,
                            "The session and its other tokens go on. The code says why there is no access token for this"
                                    + " target")
                    .with("code", refused.code())
                    .with("target", refused.target())
                    .with("registration", refused.registration())
                    .with("subject", refused.subject())
                    .with("session", refused.sessionId());
        }
        if (failure instanceof TokenNotBoundException) {
            return Problem.of(
                    ProblemType.TOKEN_NOT_BOUND,
                    "Present it as its token_type says. It is bound to a key only if its registration has dpop=true and"
                            + " the authorization server binds it");
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
                        "The session is kept. It is refreshed as soon as the authorization server allows it");
            case REGISTRATION_MISSING ->
                Problem.of(
                        ProblemType.AUTHORIZATION_SERVER_UNAVAILABLE,
                        "The session is kept, but its registration is missing. It is refreshed once there is a registration"
                                + " of this name again");
            case REGISTRATION_PAUSED ->
                Problem.of(
                        ProblemType.REGISTRATION_PAUSED,
                        "The authorization server refuses this client. All its sessions are kept");
        };
    }

    /** Returns a 401 or 403. RFC 6750 §3 distinguishes a missing token from an invalid one. */
    private static Problem ofSecurity(Throwable failure) {
        if (failure instanceof AuthenticationFailedException || failure instanceof AuthenticationCompletionException) {
            return invalidToken("The caller's token is not valid");
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

    /** Returns the problem for an HTTP status, if nothing else is known. */
    static Problem ofStatus(int status) {
        ProblemType type = ProblemType.of(status);
        return switch (type) {
            case UNAUTHORIZED ->
                Problem.of(type, "A caller's token is required: Authorization: Bearer")
                        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            case FORBIDDEN -> Problem.of(type, "The caller is unknown or does not have the permission");
            case NOT_FOUND -> Problem.of(type, "There is no resource at this path");
            case METHOD_NOT_ALLOWED -> Problem.of(type, "The header Allow lists the methods of this path");
            case NOT_ACCEPTABLE ->
                Problem.of(type, "This call returns application/json; an import returns application/x-ndjson");
            case UNSUPPORTED_MEDIA_TYPE ->
                Problem.of(type, "This call accepts application/json; an import accepts application/x-ndjson");
            case BODY_TOO_LARGE -> bodyTooLarge();
            case INTERNAL_ERROR -> Problem.of(type, "The log of the service has the cause");
            case INVALID_REQUEST -> Problem.invalid("", "The request is not well-formed HTTP");
            default -> Problem.of(type, type.title());
        };
    }

    /** The rest of the body is not read, so the connection is closed. */
    public static Problem bodyTooLarge() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The limit is " + Problem.MAX_BODY / 1024 + " KiB.")
                .header("Connection", "close");
    }

    /** The line is skipped, and the next one is read. */
    public static Problem lineTooLong() {
        return Problem.of(ProblemType.BODY_TOO_LARGE, "The limit of a line is " + Problem.MAX_BODY / 1024 + " KiB.");
    }

    private static Problem storage(Throwable failure, String call) {
        DatabaseFailure.log(LOG, failure, "%s failed because of the database", call);
        return Problem.of(ProblemType.STORAGE_UNAVAILABLE, "Nothing was lost; repeat the same call")
                .retryAfter(DEFAULT_RETRY_AFTER);
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
