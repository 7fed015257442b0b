package dev.tokenkeep.fuzz;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.fuzz.ApiDocument.Operation;
import dev.tokenkeep.fuzz.RandomRequests.Request;
import dev.tokenkeep.fuzz.RawHttp.Answer;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Sends requests at random, from the seed {@code tokenkeep.fuzz.seed}, and holds every answer against the OpenAPI document.
 * For {@code tokenkeep.fuzz.api-seconds}, but never fewer than {@value #FEWEST}.
 */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class ApiFuzzTest {

    private static final int LONGEST_LINE = 4_096;
    private static final int FEWEST = 2_500;
    private static final int MOST_COMPLAINTS = 20;
    private static final Set<String> TELL_TOKENS = Set.of("readAccessToken", "readIdToken");

    @TestHTTPResource
    URI base;

    ScriptedAuthorizationServer server;

    private final long seconds = Long.getLong("tokenkeep.fuzz.api-seconds", 0);
    /** The same in every build, another one in every long run: what fails a build is what was changed. */
    private final long seed =
            Long.getLong("tokenkeep.fuzz.seed", seconds == 0 ? 1 : System.currentTimeMillis() % 1_000_000_000 + 1);

    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();
    private ApiDocument document;
    private RawHttp http;

    @BeforeEach
    void read() throws IOException {
        document = new ApiDocument(given().get("/q/openapi?format=json").asByteArray());
        http = new RawHttp(base);
    }

    @AfterEach
    void asUsual() {
        server.asUsual();
    }

    @Test
    void everyAnswerIsADocumentedOne() throws IOException {
        System.out.printf("Fuzzing the API from the seed %d%n", seed);
        var random = new Random(seed);
        List<Operation> operations = document.operations();
        var bodies = new RandomBodies(random, () -> refreshToken(random));
        var requests = new RandomRequests(random, operations, bodies);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        int sent = 0;
        while ((sent < FEWEST || System.nanoTime() < end) && complaints.size() < MOST_COMPLAINTS) {
            Request request = requests.next();
            Answer answer = http.send(request.bytes());
            sent++;
            statuses.merge(answer.status(), 1, Integer::sum);
            Optional<Operation> call = operations.stream()
                    .filter(operation -> operation.isOf(request.method(), request.path()))
                    .findFirst();
            check(request, call, answer);
            if (answer.status() == 201
                    && call.isPresent()
                    && !answer.header("location").isEmpty()) {
                requests.know(answer.header("location").replaceFirst(".*/", ""));
            }
        }
        report(sent);
        assertThat(statuses.keySet()).contains(200, 201, 204, 400, 401, 403, 404, 405, 406, 409, 415);
        assertThat(complaints).isEmpty();
    }

    /** Some that the authorization server knows, some twice. */
    private String refreshToken(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "planted-rt-" + random.nextInt(50);
            case 1 -> "planted-rt-" + random.nextLong();
            default -> server.issue("fuzz").refreshToken();
        };
    }

    /** The server's own refusal of a request line that is longer than it reads, which is without a word. */
    private static boolean lineTooLong(Request request, Answer answer) {
        int line = new String(request.bytes(), ISO_8859_1).indexOf('\r');
        return answer.status() == 414 && answer.body().length == 0 && line > LONGEST_LINE;
    }

    private void check(Request request, Optional<Operation> call, Answer answer) {
        var found = new ArrayList<String>();
        if (lineTooLong(request, answer)) {
            return;
        }
        if (answer.status() == 0) {
            found.add("no answer");
        } else if (answer.status() >= 500) {
            found.add("a " + answer.status());
        } else {
            found.addAll(call.map(operation -> document.complaints(operation, answer))
                    .or(() -> headOf(request).map(get -> ApiDocument.complaintsOfHead(get, answer)))
                    .orElseGet(() -> ApiDocument.complaintsOfNoCall(answer)));
        }
        boolean tells = answer.status() == 200
                && call.map(Operation::id).filter(TELL_TOKENS::contains).isPresent();
        String text = answer.text() + answer.headers();
        if (text.contains("planted-rt-")
                || text.contains("planted-secret-")
                || text.matches("(?s).*\\brt-[0-9a-f]{16}.*")
                || (!tells && text.matches("(?s).*(planted-at-|planted-id|\\bat-[0-9a-f]{16}).*"))) {
            found.add("a token");
        }
        found.forEach(complaint ->
                complaints.add(complaint + ": " + cut(answer.text()) + "\n  after " + cut(request.toString())));
    }

    private Optional<Operation> headOf(Request request) {
        return document.operations().stream()
                .filter(operation -> request.method().equals("HEAD") && operation.isOf("GET", request.path()))
                .findFirst();
    }

    private static String cut(String text) {
        return text.length() > 1_500 ? text.substring(0, 1_500) + "…" : text;
    }

    private void report(int sent) {
        long failed = statuses.entrySet().stream()
                .filter(status -> status.getKey() >= 500)
                .mapToInt(Map.Entry::getValue)
                .sum();
        System.out.printf(
                "Fuzzed the API: %d requests from the seed %d; answers by status %s; outside of the documented: %d, 5xx: %d%n",
                sent, seed, statuses, complaints.size(), failed);
    }

    /** What does not get as far as a call: the server's own refusals are without a word. */
    @Test
    void brokenHttpIsRefused() throws IOException {
        String authorization = "Authorization: Bearer " + CallerKeys.token("sub-fuzzer") + "\r\n";
        String end = "Connection: close\r\nHost: test\r\n" + authorization + "\r\n";
        for (String broken : List.of(
                "GET /v1/sessions/%zz HTTP/1.1\r\n" + end,
                "GET /v1/sessions/% HTTP/1.1\r\n" + end,
                "GET /v1/sessions?subject=%zz HTTP/1.1\r\n" + end,
                "GET /v1/sessions?subject=% HTTP/1.1\r\n" + end,
                "GET /v1/sessions?% HTTP/1.1\r\n" + end,
                "GET /v1/sessions?limit=1%2 HTTP/1.1\r\n" + end,
                "POST /v1/registrations/%c3%28%/resume HTTP/1.1\r\n" + end,
                "GET /v1/sessions?" + "a=b&".repeat(3_000) + " HTTP/1.1\r\n" + end,
                "GET /v1/sessions HTTP/1.1\r\n" + "X: y\r\n".repeat(5_000) + end,
                "GET /v1/sessions HTTP/1.1\r\nX: " + "y".repeat(30_000) + "\r\n" + end,
                "GET /v1/sessions HTTP/1.1\r\nno colon\r\n" + end,
                "GET  HTTP/1.1\r\n" + end,
                "GET /v1/sessions HTTP/1.1\r\nAuthorization: Bearer \u0001\r\n" + end,
                "\u0000\u0001\u0002 / HTTP/1.1\r\n" + end,
                "PUT /v1/sessions/\u00e9 HTTP/1.1\r\n" + end,
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\n" + end,
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: -1\r\n" + end,
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: x\r\n" + end,
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n"
                        + end,
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
                        + end + "{}",
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n" + end
                        + "zz\r\n{}\r\n0\r\n\r\n",
                "POST /v1/sessions HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: gzip\r\n" + end)) {
            Answer answer = http.send(broken.getBytes(ISO_8859_1));
            String what = broken.lines().findFirst().orElse("") + " … " + broken.length();
            // 0: whoever breaks a body off in the middle is cut off.
            assertThat(answer.status()).as(what).matches(status -> status == 0 || (status >= 400 && status < 500));
            assertThat(answer.text()).as(what).doesNotContain("Exception", "\tat ");
            if (answer.body().length > 0) {
                assertThat(answer.contentType()).as(what).isEqualTo("application/problem+json");
                JsonNode problem = new ObjectMapper().readTree(answer.body());
                assertThat(problem.path("type").asText()).as(what).startsWith("urn:tokenkeep:problem:");
            }
        }
    }
}
