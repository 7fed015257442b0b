package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.problem.ReportedProblem;
import dev.tokenkeep.problem.Responses;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as OAuth clients know it (RFC 6749 §5.2, RFC 8693 §2.2.2), with the members of the problem that it stands for.
 *
 * @param status of the response
 * @param code the member {@code error}
 * @param problem says the rest
 */
record ExchangeError(int status, String code, Problem problem) implements ReportedProblem {

    static final String INVALID_REQUEST = "invalid_request";
    static final String INVALID_CLIENT = "invalid_client";
    static final String INVALID_SCOPE = "invalid_scope";
    static final String INVALID_TARGET = "invalid_target";
    static final String UNAUTHORIZED_CLIENT = "unauthorized_client";
    static final String UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type";
    private static final String TEMPORARILY_UNAVAILABLE = "temporarily_unavailable";
    private static final String SERVER_ERROR = "server_error";

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    /** Thrown where a request turns out to be wrong. */
    static final class Thrown extends RuntimeException {

        private final transient ExchangeError error;

        private Thrown(ExchangeError error) {
            super(error.code());
            this.error = error;
        }

        ExchangeError error() {
            return error;
        }
    }

    static Thrown of(String code, Problem problem) {
        return new Thrown(new ExchangeError(BAD_REQUEST, code, problem));
    }

    /** Returns the exception of a wrong parameter; the description never quotes it. */
    static Thrown of(String code, String parameter, String detail) {
        return of(code, Problem.invalid(parameter, parameter + ": " + detail));
    }

    static Thrown refused(String code, String detail) {
        return of(code, Problem.of(ProblemType.FORBIDDEN, detail));
    }

    static Thrown notAuthenticated(String detail) {
        return new Thrown(
                new ExchangeError(UNAUTHORIZED, INVALID_CLIENT, Problem.of(ProblemType.UNAUTHORIZED, detail)));
    }

    static ProblemException notAForm() {
        return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "").thrown();
    }

    /** What the client cannot mend by another request keeps its status, so that it waits as long as it is told. */
    static ExchangeError of(Problem problem) {
        int status = problem.type().status();
        return switch (problem.type()) {
            case TARGET_REFUSED -> new ExchangeError(BAD_REQUEST, INVALID_TARGET, problem);
            case FORBIDDEN -> new ExchangeError(BAD_REQUEST, UNAUTHORIZED_CLIENT, problem);
            case UNAUTHORIZED -> new ExchangeError(UNAUTHORIZED, INVALID_CLIENT, problem);
            case SESSION_NOT_FOUND ->
                new ExchangeError(BAD_REQUEST, INVALID_REQUEST, problem.with("member", "subject_token"));
            case NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE ->
                new ExchangeError(status, INVALID_REQUEST, problem);
            case INTERNAL_ERROR -> new ExchangeError(status, SERVER_ERROR, problem);
            case TOO_MANY_REQUESTS,
                    AUTHORIZATION_SERVER_UNAVAILABLE,
                    REGISTRATION_PAUSED,
                    ISSUER_UNAVAILABLE,
                    KEY_UNAVAILABLE,
                    AUDIT_UNAVAILABLE,
                    STORAGE_UNAVAILABLE -> new ExchangeError(status, TEMPORARILY_UNAVAILABLE, problem);
            // RFC 8693 §2.2.2: a subject token that is not acceptable for whatever reason is an invalid request.
            default -> new ExchangeError(BAD_REQUEST, INVALID_REQUEST, problem);
        };
    }

    @Override
    public ProblemType type() {
        return problem.type();
    }

    Response response() {
        Response.ResponseBuilder response =
                Responses.uncached(status).type(MediaType.APPLICATION_JSON_TYPE).entity(this);
        headers().forEach(response::header);
        return response.build();
    }

    /** Returns those of the problem. A 401 needs a challenge (RFC 6749 §5.2). */
    Map<String, String> headers() {
        var headers = new LinkedHashMap<>(problem.headers());
        if (status == UNAUTHORIZED) {
            headers.putIfAbsent(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return headers;
    }

    byte[] json() {
        return Json.bytes(members());
    }

    private Map<String, String> members() {
        var members = new LinkedHashMap<String, String>();
        members.put("error", code);
        members.put("error_description", description());
        members.put("problem", problem.type().urn());
        members.putAll(problem.members());
        return members;
    }

    /** RFC 6749 §5.2 allows only printable ASCII characters, without quotes and backslashes. */
    private String description() {
        String text = problem.type() == ProblemType.UNSUPPORTED_MEDIA_TYPE
                ? "The request must be a POST of " + MediaType.APPLICATION_FORM_URLENCODED + "."
                : problem.type().title() + ". " + problem.detail();
        return text.replaceAll("[^\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]", "'");
    }
}
