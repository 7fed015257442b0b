package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The error codes of token endpoints and what they mean (CONFORMANCE D). */
final class TokenErrors {

    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    private static final Map<String, FailureClass> CLASSES = Map.ofEntries(
            Map.entry("invalid_grant", FailureClass.GRANT_DEAD),
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
     * Empty if the answer does not tell whether the refresh token was spent: a server error of a kind that is no word of
     * the authorization server's own.
     */
    static Optional<FailureClass> failureClass(int status, String code) {
        FailureClass known = CLASSES.get(code);
        if (known != null) {
            return Optional.of(known);
        }
        if (status == UNAVAILABLE) {
            return Optional.of(FailureClass.TRANSIENT);
        }
        return status >= SERVER_ERROR ? Optional.empty() : Optional.of(FailureClass.REQUEST_WRONG);
    }
}
