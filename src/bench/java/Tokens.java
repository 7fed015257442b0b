import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Tokens of the usual sizes, the same ones each time, and sessions that have them for a day. */
final class Tokens {

    static final int ACCESS_LENGTH = 800;
    static final int REFRESH_LENGTH = 200;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int AT_ONCE = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SplittableRandom random = new SplittableRandom(1);

    /** Tokenkeep's own, of the name {@code test}. */
    static void registration(Map<String, String> environment, String tokenEndpoint) {
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_TOKEN_ENDPOINT", tokenEndpoint);
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_ID", "bench");
        environment.put("TOKENKEEP_REGISTRATIONS_TEST_CLIENT_SECRET", "bench-bench-bench-bench");
        environment.put("TOKENKEEP_CALLERS_IT_MAX_CONCURRENCY", "1000");
        connections(environment);
    }

    /** All of them together must not have more than the database gives. */
    static void connections(Map<String, String> environment) {
        environment.put("QUARKUS_DATASOURCE_TOKENKEEP_JDBC_MAX_SIZE", "32");
    }

    String access() {
        return text(ACCESS_LENGTH);
    }

    String refresh() {
        return text(REFRESH_LENGTH);
    }

    private String text(int length) {
        var text = new StringBuilder(length);
        random.ints(length, 0, ALPHABET.length()).forEach(at -> text.append(ALPHABET.charAt(at)));
        return text.toString();
    }

    /** As many as that, of the names {@code customer-0} and so on, in a file that the environment names. */
    static void registrations(Map<String, String> environment, String tokenEndpoint, int number) throws IOException {
        var lines = new ArrayList<String>();
        for (int i = 0; i < number; i++) {
            String prefix = "tokenkeep.registrations." + customer(i) + ".";
            lines.add(prefix + "token-endpoint=" + tokenEndpoint);
            lines.add(prefix + "client-id=bench");
            lines.add(prefix + "client-secret=bench-bench-bench-bench");
        }
        Path file = Files.createTempFile("tokenkeep-registrations", ".properties");
        Files.write(file, lines);
        environment.put("QUARKUS_CONFIG_LOCATIONS", file.toUri().toString());
    }

    private static String customer(int number) {
        return "customer-" + number;
    }

    /** By the API, at the registration {@code test}; answers their ids. */
    List<String> register(Server server, int sessions) throws Exception {
        return register(server, sessions, i -> "test");
    }

    /** By the API, each registration's as many. */
    List<String> registerAtMany(Server server, int sessions, int registrations) throws Exception {
        return register(server, sessions, i -> customer(i % registrations));
    }

    private List<String> register(Server server, int sessions, IntFunction<String> registration) throws Exception {
        var threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<String>> calls = IntStream.range(0, sessions)
                    .mapToObj(i -> """
                            {"registration":"%s","subject":"user-%d","token_response":{"access_token":"%s","token_type":"Bearer",\
                            "expires_in":86400,"refresh_token":"%s"}}""".formatted(registration.apply(i), i, access(), refresh()))
                    .<Callable<String>>map(body -> () -> id(server, body))
                    .toList();
            var ids = new ArrayList<String>();
            for (Future<String> id : threads.invokeAll(calls)) {
                ids.add(id.get());
            }
            return ids;
        } finally {
            threads.shutdown();
        }
    }

    private static String id(Server server, String body) throws Exception {
        var answer = server.post("/v1/sessions", body);
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body()).get("id").textValue();
    }
}
