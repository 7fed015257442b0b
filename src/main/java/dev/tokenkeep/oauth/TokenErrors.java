package dev.tokenkeep.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.TokenResult.Refused;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps the error codes of token endpoints to their meaning (CONFORMANCE D). */
final class TokenErrors {

    /**
     * Matches error codes but no tokens. If a server quotes a token as its error code, the token must not be passed on.
     */
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}|[A-Z_]{1,64}");

    static final String INVALID_PROOF = "invalid_dpop_proof";

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
            // Not processed (RFC 9449 §8). It was answered with the nonce, and asked for again (CONFORMANCE G27).
            Map.entry("use_dpop_nonce", FailureClass.TRANSIENT),
            // A clock or a setting is at fault, and not the grant (CONFORMANCE G28).
            Map.entry(INVALID_PROOF, FailureClass.REQUEST_WRONG),
            Map.entry("temporarily_unavailable", FailureClass.TRANSIENT),
            Map.entry("too_many_requests", FailureClass.TRANSIENT),
            Map.entry("rate_limited", FailureClass.TRANSIENT),
            Map.entry("slow_down", FailureClass.TRANSIENT));

    private TokenErrors() {}

    /**
     * Returns the error code of an error response, whatever its status: {@code error} (RFC 6749 §5.2), HubSpot's {@code
     * status}, or Slack's {@code ok: false}. Only the code is read and never a description, because descriptions quote
     * tokens.
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

    /**
     * Returns what a response means by the first rule that matches; empty if none does. A server that is overloaded or
     * broken says nothing about a grant, whatever else it says.
     */
    static Optional<TokenResult> mapped(
            List<ErrorRule> rules, int status, JsonNode answer, @Nullable Duration retryAfter) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        String code = code(answer).orElse(null);
        boolean forNow = status == THROTTLED
                || status >= SERVER_ERROR
                || (INVALID_GRANT.equals(code) && throttledByEntra(answer));
        return rules.stream()
                .filter(rule -> !forNow || rule.isForNow())
                .filter(rule -> rule.matches(answer, code))
                .findFirst()
                .map(rule -> new Refused(rule.failureClass(), rule.code(), retryAfter, ClaimsChallenge.of(answer)));
    }

    private static String clean(String code) {
        return CODE.matcher(code).matches() ? code : "unreadable_error";
    }

    /**
     * Returns what the response's error code means, whatever its status is; empty if there is none. A server error with
     * an unknown code leaves open whether the refresh token was spent.
     */
    static Optional<TokenResult> outcome(int status, JsonNode answer, @Nullable Duration retryAfter) {
        return code(answer).map(code -> {
            if (code.equals(INVALID_GRANT) && throttledByEntra(answer)) {
                return new Refused(FailureClass.TRANSIENT, ENTRA_THROTTLED, retryAfter);
            }
            FailureClass known = CLASSES.get(code);
            if (known != null) {
                return new Refused(known, code, retryAfter, ClaimsChallenge.of(answer));
            }
            if (status == THROTTLED || status == UNAVAILABLE) {
                return new Refused(FailureClass.TRANSIENT, code, retryAfter);
            }
            return status >= SERVER_ERROR
                    ? new Unknown(code, retryAfter)
                    : new Refused(FailureClass.REQUEST_WRONG, code, retryAfter, ClaimsChallenge.of(answer));
        });
    }

    /**
     * Entra answers {@code invalid_grant} to a client that sends too many requests. That refusal lasts only five
     * minutes.
     */
    private static boolean throttledByEntra(JsonNode answer) {
        return answer.path("error_description").asText().contains(ENTRA_THROTTLED);
    }
}
