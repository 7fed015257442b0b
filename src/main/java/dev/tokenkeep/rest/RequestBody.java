package dev.tokenkeep.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.oauth.TokenResponse;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Set;

/** A request's JSON object, read member by member, so that whatever is wrong is told by its name. */
final class RequestBody {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    static final int LARGEST = 256 * 1024;

    private final JsonNode object;

    private RequestBody(JsonNode object) {
        this.object = object;
    }

    /** @param members all that there may be */
    static RequestBody read(byte[] body, Set<String> members) {
        if (body.length > LARGEST) {
            throw new ProblemException(ServiceProblems.problem(413));
        }
        JsonNode read;
        try (JsonParser parser = JSON.createParser(body)) {
            read = JSON.readTree(parser);
            if (parser.nextToken() != null) {
                throw invalid("", "The body has something after its JSON object.");
            }
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw invalid("", "The body is not well-formed JSON" + where + ".");
        } catch (IOException e) {
            throw invalid("", "The body is not JSON in UTF-8.");
        }
        if (read == null || !read.isObject()) {
            throw invalid("", "The body must be a JSON object.");
        }
        for (Iterator<String> names = read.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!members.contains(name)) {
                throw invalid(shortened(name), "There is no such member; there are " + members + ".");
            }
        }
        return new RequestBody(read);
    }

    private static String shortened(String name) {
        return name.length() > 64 ? name.substring(0, 64) : name;
    }

    /** Required, of 1 to {@code longest} characters. */
    String text(String member, int longest) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            throw invalid(member, "is required.");
        }
        if (!value.isTextual()) {
            throw invalid(member, "must be a string.");
        }
        return PlainText.checked(member, value.textValue(), longest);
    }

    TokenResponse tokenResponse() {
        JsonNode value = object.get("token_response");
        if (value == null || value.isNull()) {
            throw invalid("token_response", "is required.");
        }
        try {
            return RegisteredTokens.read(value);
        } catch (InvalidTokenResponse e) {
            String member = e.member().isEmpty() ? "token_response" : "token_response." + e.member();
            throw invalid(member, e.getMessage() + ".");
        }
    }

    OptionalLong version(String member) {
        JsonNode value = object.get(member);
        if (value == null || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw invalid(member, "must be a whole number from 1 on.");
        }
        return OptionalLong.of(value.longValue());
    }

    static ProblemException invalid(String member, String detail) {
        return new ProblemException(Problem.invalid(member, member.isEmpty() ? detail : member + ": " + detail));
    }
}
