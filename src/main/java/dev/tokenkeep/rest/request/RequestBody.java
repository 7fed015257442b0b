package dev.tokenkeep.rest.request;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's JSON object, read member by member, so that every error names its member. Never reads more of a body than
 * the API allows, even if the surrounding application allows more.
 */
public final class RequestBody {

    private final JsonNode object;

    private RequestBody(JsonNode object) {
        this.object = object;
    }

    /** @param members all allowed names */
    public static RequestBody read(InputStream body, Set<String> members) {
        return readOptional(body, members).orElseThrow(() -> invalid("", "The body is missing."));
    }

    /**
     * Reads one line of a body that has an object in each.
     *
     * @param members all allowed names
     */
    public static RequestBody readLine(byte[] line, Set<String> members) {
        return object(line, "line", members);
    }

    /** Returns empty if there is no body. */
    public static Optional<RequestBody> readOptional(InputStream body, Set<String> members) {
        byte[] bytes = bytes(body);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        return Optional.of(object(bytes, "body", members));
    }

    /** @param what the body or one of its lines, as the error calls it */
    private static RequestBody object(byte[] bytes, String what, Set<String> members) {
        JsonNode object = parsed(bytes, what);
        if (!object.isObject()) {
            throw invalid("", "The " + what + " must be a JSON object.");
        }
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!members.contains(name)) {
                throw Problem.invalid(PlainText.quotable(name), "Unknown member; allowed are " + members + ".")
                        .thrown();
            }
        }
        return new RequestBody(object);
    }

    private static byte[] bytes(InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(Problem.MAX_BODY + 1);
        } catch (IOException e) {
            throw invalid("", "The body is incomplete.");
        }
        if (bytes.length > Problem.MAX_BODY) {
            throw ProblemMapper.bodyTooLarge().thrown();
        }
        return bytes;
    }

    private static JsonNode parsed(byte[] bytes, String what) {
        try {
            return Json.read(bytes);
        } catch (JsonProcessingException e) {
            // The exception's message quotes the body, so it is not used.
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw invalid(
                    "", "The " + what + " is not well-formed JSON in UTF-8, or a member occurs twice" + where + ".");
        }
    }

    public boolean has(String member) {
        return object.hasNonNull(member);
    }

    /** Returns a required string of 1 to {@code longest} characters. */
    public String text(String member, int longest) {
        JsonNode value = required(member);
        if (!value.isTextual()) {
            throw invalid(member, "must be a string.");
        }
        return PlainText.checked(member, value.textValue(), longest);
    }

    /** Returns a string as {@link #text} does; null if it is missing. */
    public @Nullable String textOrNull(String member, int longest) {
        JsonNode value = object.get(member);
        return value == null || value.isNull() ? null : text(member, longest);
    }

    /** Returns an object of strings; empty if it is missing. */
    public Map<String, String> texts(String member, int longest) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw invalid(member, "must be an object of strings.");
        }
        var texts = new LinkedHashMap<String, String>();
        value.fields().forEachRemaining(one -> {
            String path = member + "." + PlainText.quotable(one.getKey());
            if (!one.getValue().isTextual()) {
                throw invalid(path, "must be a string.");
            }
            texts.put(one.getKey(), PlainText.checked(path, one.getValue().textValue(), longest));
        });
        return texts;
    }

    public TokenResponse tokenResponse() {
        JsonNode value = required("token_response");
        try {
            return RegisteredTokens.read(value);
        } catch (InvalidTokenResponse e) {
            throw invalid(e.path(), e.getMessage() + ".");
        }
    }

    private JsonNode required(String member) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            throw invalid(member, "is required.");
        }
        return value;
    }

    public OptionalLong version(String member) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw invalid(member, "must be a whole number, at least 1.");
        }
        return OptionalLong.of(value.longValue());
    }

    public static ProblemException invalid(String member, String detail) {
        return Problem.invalid(member, member.isEmpty() ? detail : member + ": " + detail)
                .thrown();
    }
}
