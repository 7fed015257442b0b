package dev.tokenkeep.oauth;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an error response of one authorization server means, if that is not what RFC 6749 §5.2 says.
 *
 * @param member where to look (RFC 6901); null for the error code
 * @param value what is there
 * @param meaning of such a response
 */
public record ErrorRule(@Nullable JsonPointer member, String value, Meaning meaning) {

    /** The code of a refusal that only a member of the response tells. */
    private static final String CODE = "mapped_error";

    /** The code of a refusal because of too many requests. */
    private static final String THROTTLED = "rate_limited";

    /** What a response can mean, those that cost least first. */
    public enum Meaning {
        RETRY("retry", FailureClass.TRANSIENT),
        THROTTLED("throttled", FailureClass.TRANSIENT),
        USER_ACTION("user-action", FailureClass.USER_ACTION),
        REGISTRATION_WRONG("registration-wrong", FailureClass.REGISTRATION_WRONG),
        GRANT_ENDED("grant-ended", FailureClass.GRANT_DEAD);

        private final String setting;
        private final FailureClass failureClass;

        Meaning(String setting, FailureClass failureClass) {
            this.setting = setting;
            this.failureClass = failureClass;
        }

        /** Returns the setting that lists such responses. */
        public String setting() {
            return setting;
        }
    }

    /**
     * Reads a rule.
     *
     * @param text an error code, or {@code /pointer=value}
     * @return empty if it is neither
     */
    public static Optional<ErrorRule> of(String text, Meaning meaning) {
        if (!text.startsWith("/")) {
            return text.isBlank() || text.contains("=")
                    ? Optional.empty()
                    : Optional.of(new ErrorRule(null, text, meaning));
        }
        int equals = text.indexOf('=');
        return equals < 0 || equals == text.length() - 1
                ? Optional.empty()
                : Optional.of(new ErrorRule(
                        JsonPointer.compile(text.substring(0, equals)), text.substring(equals + 1), meaning));
    }

    /**
     * Returns whether this response is meant. Numbers count as text.
     *
     * @param code as it is told; the server's own may have other characters
     */
    boolean matches(JsonNode answer, @Nullable String code) {
        return member == null
                ? value.equals(code) || value.equals(answer.path("error").asText())
                : value.equals(answer.at(member).asText());
    }

    /** Returns the code of such a refusal. What the server wrote elsewhere is not told: it may be a token. */
    String code() {
        if (meaning == Meaning.THROTTLED) {
            return THROTTLED;
        }
        return member == null ? value : CODE;
    }

    /** Returns whether such a response says nothing about the grant or the client. */
    boolean isForNow() {
        return failureClass() == FailureClass.TRANSIENT;
    }

    FailureClass failureClass() {
        return meaning.failureClass;
    }
}
