package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document against the contract, and the API against the document. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class OpenApiTest {

    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([A-Z]+ /v1/[^`]+)` \\| `([a-z:]+)` \\| .+ \\|$");

    private static final String ALWAYS = " 400 401 403 406 429 500 503";

    /** Every call, and every status it may have. */
    private static final Map<String, String> CONTRACT = Map.ofEntries(
            Map.entry("POST /v1/sessions", "200 201 409 413 415" + ALWAYS),
            Map.entry("GET /v1/sessions", "200" + ALWAYS),
            Map.entry("DELETE /v1/sessions", "200" + ALWAYS),
            Map.entry("PUT /v1/sessions/{id}", "200 404 409 413 415" + ALWAYS),
            Map.entry("GET /v1/sessions/{id}", "200 404" + ALWAYS),
            Map.entry("DELETE /v1/sessions/{id}", "204 404" + ALWAYS),
            Map.entry("GET /v1/sessions/{id}/access-token", "200 404 409" + ALWAYS),
            Map.entry("GET /v1/access-token", "200 404 409" + ALWAYS),
            Map.entry("GET /v1/sessions/{id}/id-token", "200 404 409" + ALWAYS),
            Map.entry("POST /v1/sessions/{id}/refresh", "200 404 409 413 415" + ALWAYS),
            Map.entry("POST /v1/sessions/{id}/dpop-proof", "200 404 409 413 415" + ALWAYS),
            Map.entry("POST /v1/authorizations", "201 404 409 413 415" + ALWAYS),
            Map.entry("GET /v1/authorizations/{id}", "200 404" + ALWAYS),
            Map.entry("POST /v1/authorizations/{id}/completion", "201 404 409 413 415" + ALWAYS),
            Map.entry("POST /v1/authorizations/{id}/confirmation", "201 404 409 413 415" + ALWAYS),
            Map.entry("GET /v1/registrations", "200" + ALWAYS),
            Map.entry("GET /v1/registrations/{name}", "200 404" + ALWAYS),
            Map.entry("PUT /v1/registrations/{name}", "200 201 409 413 415" + ALWAYS),
            Map.entry("DELETE /v1/registrations/{name}", "204 404 409" + ALWAYS),
            Map.entry("POST /v1/sessions/import", "200 413 415" + ALWAYS),
            Map.entry("GET /v1/keys", "200" + ALWAYS),
            Map.entry("POST /v1/registrations/{name}/resume", "204 404" + ALWAYS));

    private JsonNode document;

    @BeforeEach
    void read() throws Exception {
        document = new ObjectMapper()
                .readTree(given().get("/q/openapi?format=json").asByteArray());
    }

    @Test
    void hasEveryCallAndNoOther() {
        var calls = new TreeMap<String, Set<String>>();
        operations().forEach((call, operation) -> calls.put(call, names(operation.path("responses"))));
        var contract = new TreeMap<String, Set<String>>();
        CONTRACT.forEach((call, statuses) -> contract.put(call, new TreeSet<>(Arrays.asList(statuses.split(" ")))));
        assertThat(calls).isEqualTo(contract);
    }

    @Test
    void theDocumentationListsEveryCallWithWhatItNeedsAndNoOther() throws IOException {
        var told = new TreeMap<String, String>();
        DOCUMENTED
                .matcher(Files.readString(Path.of("src", "docs", "rest-api.md")))
                .results()
                .forEach(row -> told.put(row.group(1), "Needs `" + row.group(2) + "`"));
        assertThat(told.keySet()).isEqualTo(new TreeSet<>(CONTRACT.keySet()));
        operations()
                .forEach((call, operation) -> assertThat(
                                operation.path("description").asText())
                        .as(call)
                        .contains(told.get(call)));
    }

    @Test
    void describesEveryCallAndGivesExamplesOfWhatItTakesAndAnswers() {
        operations().forEach((call, operation) -> {
            assertThat(operation.path("summary").asText()).as(call).isNotBlank();
            assertThat(operation.path("description").asText()).as(call).contains("Needs `");
            assertThat(operation.path("security").toString()).as(call).contains("tokenkeepCaller");
            assertThat(operation.path("tags")).as(call).hasSize(1);
            if (operation.has("requestBody")) {
                examplesFit(call, operation.path("requestBody").path("content"));
            }
            operation.path("responses").fields().forEachRemaining(response -> {
                if (!response.getKey().equals("204")) {
                    examplesFit(
                            call + " " + response.getKey(), response.getValue().path("content"));
                }
            });
        });
    }

    /** Each content has examples; each example has what its schema requires, and nothing it does not know. */
    private void examplesFit(String what, JsonNode content) {
        assertThat(content).as(what).hasSize(1);
        JsonNode only = content.elements().next();
        JsonNode first = only.path("schema").has("oneOf") ? only.at("/schema/oneOf/0") : only.path("schema");
        String schema = first.path("$ref").asText().replace("#", "");
        JsonNode properties = document.at(schema).path("properties");
        List<String> required = StreamSupport.stream(
                        document.at(schema).path("required").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        assertThat(only.path("examples")).as(what).isNotEmpty();
        only.path("examples")
                .forEach(example -> assertThat(names(object(example.path("value"))))
                        .as(what)
                        .isNotEmpty()
                        .containsAll(required)
                        .isSubsetOf(names(properties)));
    }

    /** Of lines, the first one. */
    private static JsonNode object(JsonNode example) {
        try {
            return example.isTextual()
                    ? new ObjectMapper()
                            .readTree(example.textValue().lines().findFirst().orElseThrow())
                    : example;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void showsEachProblemUnderItsStatus() {
        var shown = new TreeSet<String>();
        operations()
                .forEach((call, operation) -> operation
                        .path("responses")
                        .fields()
                        .forEachRemaining(response -> {
                            JsonNode problems =
                                    response.getValue().path("content").path(Problem.MEDIA_TYPE);
                            problems.path("examples").fields().forEachRemaining(example -> {
                                JsonNode value = example.getValue().path("value");
                                assertThat(value.path("status").asText())
                                        .as(call)
                                        .isEqualTo(response.getKey());
                                assertThat(value.path("type").asText()).isEqualTo(example.getKey());
                                shown.add(example.getKey());
                            });
                        }));
        // Of no call: of paths and methods that are none.
        var all = Arrays.stream(ProblemType.values())
                .map(ProblemType::urn)
                .collect(Collectors.toCollection(TreeSet::new));
        all.removeAll(Set.of(ProblemType.NOT_FOUND.urn(), ProblemType.METHOD_NOT_ALLOWED.urn()));
        assertThat(shown).isEqualTo(all);
    }

    @Test
    void saysWhoItIs() {
        assertThat(document.at("/info/title").asText()).isEqualTo("Tokenkeep");
        assertThat(document.at("/components/securitySchemes/tokenkeepCaller/scheme")
                        .asText())
                .isEqualTo("bearer");
    }

    @Test
    void tellsTheMethodsOfEachPathToWhoeverTriesAnother() {
        document.path("paths").fieldNames().forEachRemaining(path -> {
            var methods = new TreeSet<>(List.of("OPTIONS"));
            document.path("paths").path(path).fieldNames().forEachRemaining(name -> methods.add(name.toUpperCase()));
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            String allow = as("all")
                    .patch(path.replaceAll("\\{[a-z]+}", "AAAAAAAAAAAAAAAAAAAA"))
                    .then()
                    .statusCode(405)
                    .extract()
                    .header("Allow");
            assertThat(new TreeSet<>(List.of(allow.split(", ")))).as(path).isEqualTo(methods);
        });
    }

    private Map<String, JsonNode> operations() {
        var operations = new TreeMap<String, JsonNode>();
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fields()
                        .forEachRemaining(operation -> operations.put(
                                operation.getKey().toUpperCase() + " " + path.getKey(), operation.getValue())));
        return operations;
    }

    private static Set<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return new TreeSet<>(names);
    }
}
