package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The registration endpoint of the scripted authorization server. It takes what RFC 7591 allows and nothing else, and can be
 * told to misbehave.
 */
public final class RegisteredClients {

    /** In the descriptions of errors, which nobody may pass on. */
    public static final String DESCRIPTION = "description-of-the-server";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STRINGS = Set.of("client_name", "scope", "token_endpoint_auth_method");
    private static final Set<String> LISTS = Set.of("redirect_uris", "grant_types", "response_types");
    private static final Set<String> METHODS =
            Set.of("client_secret_basic", "client_secret_post", "client_secret_jwt", "none");

    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> secrets = new CopyOnWriteArrayList<>();
    private volatile @Nullable String initialAccessToken;
    private volatile Consumer<ObjectNode> change = answer -> {};
    private volatile @Nullable Scripted scripted;
    private volatile @Nullable Gate gate;

    private record Client(String secret, String method) {}

    private record Scripted(int status, String body, Map<String, String> headers) {}

    RegisteredClients() {}

    /** From now on only who has this token may register; null for everybody. */
    public void initialAccessToken(@Nullable String token) {
        initialAccessToken = token;
    }

    /** Changes each answer before it is sent. The client is what the answer says then. */
    public void change(Consumer<ObjectNode> changed) {
        change = changed;
    }

    /** Every request is answered so; nobody is registered. */
    public void answer(int status, String body, Map<String, String> headers) {
        scripted = new Scripted(status, body, headers);
    }

    /** Every request is held, and then answered. */
    public Gate hold() {
        var held = new Gate();
        gate = held;
        return held;
    }

    /** By the rules again. Who is registered stays. */
    public void asUsual() {
        initialAccessToken = null;
        change = answer -> {};
        scripted = null;
        gate = null;
        requests.clear();
    }

    /** What came, in order, also what was refused. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** Client secrets, and the tokens to manage clients with. */
    public List<String> secrets() {
        return List.copyOf(secrets);
    }

    public Set<String> ids() {
        return Set.copyOf(clients.keySet());
    }

    void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked = JSON.readTree(exchange.getRequestBody().readAllBytes());
            requests.add(asked);
            Gate held = gate;
            if (held != null) {
                held.pass();
            }
            Scripted answer = scripted;
            send(exchange, answer == null ? byTheRules(exchange, asked) : answer);
        }
    }

    private Scripted byTheRules(HttpExchange exchange, JsonNode asked) {
        String token = initialAccessToken;
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (token == null ? authorization != null : !("Bearer " + token).equals(authorization)) {
            return error(401, "invalid_token");
        }
        String objection = objection(exchange, asked);
        return objection == null ? registered((ObjectNode) asked) : error(400, objection);
    }

    private static @Nullable String objection(HttpExchange exchange, JsonNode asked) {
        boolean json = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"))
                .startsWith("application/json");
        if (!exchange.getRequestMethod().equals("POST") || !json || !asked.isObject()) {
            return "invalid_client_metadata";
        }
        var names = new ArrayList<String>();
        asked.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode value = asked.get(name);
            boolean good = STRINGS.contains(name)
                    ? value.isTextual() && !value.textValue().isBlank()
                    : LISTS.contains(name)
                            ? value.isArray() && !value.isEmpty() && all(value)
                            : name.equals("dpop_bound_access_tokens") && value.isBoolean();
            if (!good) {
                return "invalid_client_metadata";
            }
        }
        for (JsonNode uri : asked.path("redirect_uris")) {
            if (!uri.textValue().startsWith("https://") || uri.textValue().contains("#")) {
                return "invalid_redirect_uri";
            }
        }
        // RFC 7591 §2.1.
        boolean consistent = has(asked, "grant_types", "authorization_code") == has(asked, "response_types", "code");
        return consistent
                        && METHODS.contains(
                                asked.path("token_endpoint_auth_method").asText())
                ? null
                : "invalid_client_metadata";
    }

    private static boolean all(JsonNode texts) {
        for (JsonNode text : texts) {
            if (!text.isTextual() || text.textValue().isBlank()) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(JsonNode asked, String list, String text) {
        for (JsonNode one : asked.path(list)) {
            if (one.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private Scripted registered(ObjectNode asked) {
        ObjectNode answer = asked.deepCopy();
        answer.put("client_id", "client-" + UUID.randomUUID());
        answer.put("client_id_issued_at", 1_700_000_000);
        answer.put("registration_access_token", secret("registration-access-token-"));
        answer.put("registration_client_uri", "https://as.example/register/1");
        if (!answer.path("token_endpoint_auth_method").asText().equals("none")) {
            answer.put("client_secret", secret("client-secret-"));
            answer.put("client_secret_expires_at", 0);
        }
        change.accept(answer);
        clients.put(
                answer.path("client_id").asText(),
                new Client(
                        answer.path("client_secret").asText(),
                        answer.path("token_endpoint_auth_method").asText()));
        return new Scripted(201, answer.toString(), Map.of("Cache-Control", "no-store"));
    }

    private String secret(String kind) {
        String secret = kind + UUID.randomUUID() + UUID.randomUUID();
        secrets.add(secret);
        return secret;
    }

    private static Scripted error(int status, String code) {
        return new Scripted(
                status, "{\"error\":\"" + code + "\",\"error_description\":\"" + DESCRIPTION + "\"}", Map.of());
    }

    private static void send(HttpExchange exchange, Scripted answer) throws IOException {
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Returns whether one of them sends this, in the way that was agreed when it was registered. */
    boolean authenticates(@Nullable String header, Map<String, String> form) {
        if (header != null) {
            String[] credentials =
                    new String(Base64.getDecoder().decode(header.substring("Basic ".length())), UTF_8).split(":", 2);
            return !form.containsKey("client_secret")
                    && is("client_secret_basic", decoded(credentials[0]), decoded(credentials[1]));
        }
        String id = form.getOrDefault("client_id", "");
        return form.containsKey("client_secret")
                ? is("client_secret_post", id, form.get("client_secret"))
                : is("none", id, "");
    }

    private boolean is(String method, String id, String secret) {
        Client client = clients.get(id);
        return client != null
                && client.method().equals(method)
                && client.secret().equals(secret);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }
}
