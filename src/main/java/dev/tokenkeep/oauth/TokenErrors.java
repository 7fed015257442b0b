package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The error codes of token endpoints and what they mean (CONFORMANCE D). */
final class TokenErrors {

    /** What codes are made of, and tokens are not: a server that quotes one here must not have it passed on. */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}|[A-Z_]{1,64}");

    private static final String INVALID_GRANT = "invalid_grant";
    private static final String ENTRA_THROTTLED = "AADSTS50196";
    private static final int THROTTLED = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private static final Map<String, FailureClass> CLASSES = Map.ofEntries(
            Map.entry(INVALID_GRANT, FailureClass.GRANT_DEAD),
            Map.entry("bad_refresh_token", FailureClass.GRANT_DEAD),
            Map.entry("BAD_REFRESH_TOKEN", FailureClass.GRANT_DEAD),
            Map.entry("invalid_refresh_token", FailureClass.GRANT_DEAD),
            Map.entry("invalid_scope", FailureClass.REQUEST_WRONG),
            Map.entry("invalid_target", FailureClass.REQUEST_WRONG),
            Map.entry("invalid_request", FailureClass.REQUEST_WRONG),
            Map.entry("invalid_client", FailureClass.REGISTRATION_WRONG),
            Map.entry("unauthorized_client", FailureClass.REGISTRATION_WRONG),
            Map.entry("unsupported_grant_type", FailureClass.REGISTRATION_WRONG),
            Map.entry("access_denied", FailureClass.ACCESS_DENIED),
            Map.entry("mfa_required", FailureClass.USER_ACTION),
            Map.entry("interaction_required", FailureClass.USER_ACTION),
            Map.entry("consent_required", FailureClass.USER_ACTION),
            Map.entry("login_required", FailureClass.USER_ACTION),
            Map.entry("temporarily_unavailable", FailureClass.TRANSIENT),
            Map.entry("too_many_requests", FailureClass.TRANSIENT),
            Map.entry("rate_limited", FailureClass.TRANSIENT),
            Map.entry("slow_down", FailureClass.TRANSIENT));

    private TokenErrors() {}

    /**
     * The error code of an answer that is an error, whatever its status: {@code error} (RFC 6749 §5.2), HubSpot's
     * {@code status}, or Slack's {@code ok: false}. Only a code is taken, never a description: those quote tokens.
     */
    static Optional<String> code(JsonNode answer) {
        JsonNode error = answer.get("error");
        if (error != null && error.isTextual() && !error.textValue().isEmpty()) {
            return Optional.of(clean(error.textValue()));
        }
        JsonNode status = answer.get("status");
        if (status != null && status.isTextual() && CLASSES.containsKey(status.textValue())) {
            return Optional.of(status.textValue());
        }
        JsonNode ok = answer.get("ok");
        return ok != null && ok.isBoolean() && !ok.booleanValue() ? Optional.of("not_ok") : Optional.empty();
    }

    private static String clean(String code) {
        return CODE.matcher(code).matches() ? code : "unreadable_error";
    }

    /**
     * What the answer's error code says, whatever its status is; empty if there is none. A server error under a name that
     * is not known does not tell whether the refresh token was spent.
     */
    static Optional<TokenResult> outcome(int status, JsonNode answer, @Nullable Duration retryAfter) {
        return code(answer).map(code -> {
            if (code.equals(INVALID_GRANT) && throttledByEntra(answer)) {
                return new Refused(FailureClass.TRANSIENT, ENTRA_THROTTLED, retryAfter);
            }
            FailureClass known = CLASSES.get(code);
            if (known != null) {
                return new Refused(known, code, retryAfter);
            }
            if (status == THROTTLED || status == UNAVAILABLE) {
                return new Refused(FailureClass.TRANSIENT, code, retryAfter);
            }
            return status >= SERVER_ERROR
                    ? new Unknown(code, retryAfter)
                    : new Refused(FailureClass.REQUEST_WRONG, code, retryAfter);
        });
    }

    /** Entra tells a client that asks too often that its grant is invalid, and means it for five minutes only. */
    private static boolean throttledByEntra(JsonNode answer) {
        return answer.path("error_description").asText().contains(ENTRA_THROTTLED);
    }
}
