package dev.tokenkeep.rest.exchange;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token in exchange for another (RFC 8693 §2.1).
 *
 * @param subjectToken says whose access token is wanted
 * @param ofSession whether {@code subjectToken} is a session's id; otherwise it is the JWT of a user
 * @param audiences names of registrations or targets
 * @param resources addresses of targets
 * @param scope what the access token must have; null for whatever it has
 */
record ExchangeRequest(
        String subjectToken,
        boolean ofSession,
        List<String> audiences,
        List<String> resources,
        @Nullable String scope) {

    static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String SESSION = "urn:tokenkeep:token-type:session";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    static ExchangeRequest of(ExchangeForm form) {
        if (!form.required("grant_type").equals(GRANT_TYPE)) {
            throw ExchangeError.of(ExchangeError.UNSUPPORTED_GRANT_TYPE, "grant_type", "must be " + GRANT_TYPE + ".");
        }
        String type = form.required("subject_token_type");
        if (!Set.of(SESSION, JWT).contains(type)) {
            throw invalid("subject_token_type", "must be " + SESSION + " or " + JWT + ".");
        }
        String wanted = form.one("requested_token_type");
        if (wanted != null && !wanted.equals(ACCESS_TOKEN)) {
            throw invalid("requested_token_type", "must be " + ACCESS_TOKEN + ".");
        }
        if (form.one("actor_token") != null || form.one("actor_token_type") != null) {
            throw invalid("actor_token", "is not supported: the caller authenticates as itself.");
        }
        return new ExchangeRequest(
                form.required("subject_token"),
                type.equals(SESSION),
                form.all("audience"),
                form.all("resource"),
                form.one("scope"));
    }

    private static ExchangeError.Thrown invalid(String parameter, String detail) {
        return ExchangeError.of(ExchangeError.INVALID_REQUEST, parameter, detail);
    }

    /** Returns whether an access token with this scope is what is asked for: no more and no less (CONFORMANCE I10). */
    boolean takes(@Nullable String granted) {
        return scope == null || granted != null && scopes(scope).equals(scopes(granted));
    }

    private static Set<String> scopes(String scope) {
        return new HashSet<>(List.of(scope.strip().split(" +")));
    }

    @Override
    public String toString() {
        return "[exchange]";
    }
}
