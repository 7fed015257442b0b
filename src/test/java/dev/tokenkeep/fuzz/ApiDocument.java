package dev.tokenkeep.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.fuzz.RawHttp.Answer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The OpenAPI document, and what an answer has that it does not tell. */
final class ApiDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM = "application/problem+json";
    /** Of requests that are none of a call: their problems are in src/docs/rest-api.md. */
    private static final Set<Integer> OF_NO_CALL = Set.of(400, 401, 403, 404, 405, 406, 413, 415);

    /** One call. */
    record Operation(String method, String path, JsonNode node) {

        String id() {
            return node.path("operationId").asText();
        }

        boolean hasBody() {
            return node.has("requestBody");
        }

        /** Whether a path, undecoded and without its query, is this call's. */
        boolean isOf(String otherMethod, String otherPath) {
            boolean goesUp =
                    otherPath.toLowerCase(Locale.ROOT).replace("%2e", ".").contains("/..");
            return !goesUp
                    && method.equals(otherMethod)
                    // Slashes at the end are no part of a call's path; one with matrix parameters is no call's.
                    && otherPath.matches(path.replaceAll("\\{[a-z]+}", "[^/;]+") + "/*");
        }
    }

    private final JsonNode document;

    ApiDocument(byte[] json) throws IOException {
        document = JSON.readTree(json);
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(call -> call.getValue().has("operationId"))
                        .forEach(call -> operations.add(
                                new Operation(call.getKey().toUpperCase(), path.getKey(), call.getValue()))));
        return operations;
    }

    /** What is wrong with a call's answer. */
    List<String> complaints(Operation operation, Answer answer) {
        JsonNode documented = operation.node().path("responses").path(String.valueOf(answer.status()));
        if (documented.isMissingNode()) {
            return List.of("the status " + answer.status() + " is not documented");
        }
        var complaints = new ArrayList<String>();
        if (!answer.header("cache-control").equals("no-store")) {
            complaints.add("Cache-Control: " + answer.header("cache-control"));
        }
        documented.path("headers").fieldNames().forEachRemaining(name -> {
            if (answer.header(name.toLowerCase()).isEmpty()) {
                complaints.add("the header " + name + " is missing");
            }
        });
        JsonNode content = documented.path("content");
        if (content.isEmpty()) {
            return answer.body().length == 0 ? complaints : List.of("a body where none is documented");
        }
        JsonNode media = content.path(answer.contentType());
        if (media.isMissingNode()) {
            return List.of("the content type " + answer.contentType() + " is not documented");
        }
        JsonNode body = parsed(answer).orElse(null);
        if (body == null) {
            return List.of("the body is no JSON");
        }
        if (answer.contentType().equals(PROBLEM)
                && !media.path("examples").has(body.path("type").asText())) {
            complaints.add("the problem " + body.path("type") + " is not documented for " + answer.status());
        }
        check("", media.path("schema"), body, complaints);
        return complaints;
    }

    /** What is wrong with the answer to a HEAD of a call that is a GET: as the GET's, without the body (RFC 9110 §9.3.2). */
    static List<String> complaintsOfHead(Operation get, Answer answer) {
        if (!get.node().path("responses").has(String.valueOf(answer.status()))) {
            return List.of("the status " + answer.status() + " is not documented");
        }
        return answer.body().length == 0 ? List.of() : List.of("a body in the answer to HEAD");
    }

    /** What is wrong with an answer to a request that is no call's. */
    static List<String> complaintsOfNoCall(Answer answer) {
        if (answer.status() < 400) {
            return List.of();
        }
        if (!OF_NO_CALL.contains(answer.status())) {
            return List.of("the status " + answer.status());
        }
        boolean problem = answer.contentType().equals(PROBLEM)
                && answer.header("cache-control").equals("no-store")
                && parsed(answer).isPresent();
        return problem ? List.of() : List.of("a " + answer.status() + " that is no uncached problem");
    }

    private static Optional<JsonNode> parsed(Answer answer) {
        try {
            return Optional.ofNullable(JSON.readTree(answer.body()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void check(String at, JsonNode schema, JsonNode value, List<String> complaints) {
        if (schema.has("$ref")) {
            check(at, document.at(schema.path("$ref").asText().substring(1)), value, complaints);
            return;
        }
        if (!isOfType(schema.path("type").asText(), value)) {
            complaints.add(at + " is no " + schema.path("type").asText());
            return;
        }
        if (schema.has("enum") && !has(schema.path("enum"), value)) {
            complaints.add(at + " is none of " + schema.path("enum"));
        }
        if (schema.path("format").asText().equals("date-time") && !isTime(value.asText())) {
            complaints.add(at + " is no time");
        }
        value.elements().forEachRemaining(item -> {
            if (value.isArray()) {
                check(at + "[]", schema.path("items"), item, complaints);
            }
        });
        if (schema.has("properties")) {
            schema.path("required").forEach(name -> {
                if (!value.has(name.asText())) {
                    complaints.add(at + "." + name.asText() + " is missing");
                }
            });
            value.properties().forEach(member -> {
                JsonNode property = schema.path("properties").path(member.getKey());
                if (property.isMissingNode()) {
                    complaints.add(at + "." + member.getKey() + " is not documented");
                } else {
                    check(at + "." + member.getKey(), property, member.getValue(), complaints);
                }
            });
        }
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> true;
        };
    }

    private static boolean has(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTime(String text) {
        try {
            return Instant.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
