package dev.tokenkeep.replicas;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.testing.AuthorizationCodes;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Callers, and the browsers of their users, that sign in over replicas and never give up. */
final class SignInFlows {

    static final String REDIRECT_URI = "https://web.example/callback";
    static final String RETURN_URI = "https://web.example/signed-in";
    static final String BASE = "https://tokenkeep.example";

    private final HttpClient browser =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final KilledReplicas replicas;
    private final ScriptedAuthorizationServer server;

    SignInFlows(KilledReplicas replicas, ScriptedAuthorizationServer server) {
        this.replicas = replicas;
        this.server = server;
    }

    /**
     * How a sign-in ended.
     *
     * @param code that the authorization server gave, or the user code
     */
    record End(String id, int status, JsonNode body, String code) {

        private static End of(JsonNode begun, HttpResponse<String> answer, String code) {
            return new End(begun.get("id").textValue(), answer.statusCode(), Json.of(answer.body()), code);
        }
    }

    /** By the caller's own callback. */
    End ownCallback(String user) {
        JsonNode begun = begin(user, "\"redirect_uri\":\"" + REDIRECT_URI + "\"");
        URI address = URI.create(begun.get("authorization_uri").textValue());
        String code = server.codes().issue(user, address);
        String callback = REDIRECT_URI + "?" + answer(code, address);
        return End.of(begun, replicas.post(path(begun, "completion"), "{\"callback\":\"" + callback + "\"}"), code);
    }

    /** By the hosted callback. The caller confirms whose browser it is. */
    End hostedCallback(String user) {
        JsonNode begun = begin(user, "\"return_uri\":\"" + RETURN_URI + "\"");
        Returned returned = returned(begun, user);
        String body = "{\"confirmation\":\"%s\",\"subject\":\"%s\"}".formatted(returned.confirmation(), user);
        return End.of(begun, replicas.post(path(begun, "confirmation"), body), returned.code());
    }

    /** By the hosted callback, but nobody confirms. */
    End neverConfirmed(String user) {
        JsonNode begun = begin(user, "\"return_uri\":\"" + RETURN_URI + "\"");
        String code = returned(begun, user).code();
        return End.of(
                begun,
                replicas.persistently(replica ->
                        replica.get("/v1/authorizations/" + begun.get("id").textValue())),
                code);
    }

    /** With a user code. */
    End device(String user) {
        JsonNode begun = begin(user, "\"flow\":\"device_code\"");
        String userCode = begun.get("user_code").textValue();
        server.devices().approve(userCode, user);
        HttpResponse<String> answer;
        do {
            answer = replicas.persistently(replica ->
                    replica.get("/v1/authorizations/" + begun.get("id").textValue() + "?wait=5"));
        } while (answer.body().contains("\"pending\""));
        return End.of(begun, answer, userCode);
    }

    private JsonNode begin(String user, String how) {
        return Json.of(replicas.post(
                        "/v1/authorizations",
                        "{\"registration\":\"server\",\"subject\":\"%s\",%s}".formatted(user, how))
                .body());
    }

    private static String path(JsonNode begun, String step) {
        return "/v1/authorizations/" + begun.get("id").textValue() + "/" + step;
    }

    private String answer(String code, URI address) {
        return AuthorizationCodes.query(
                Map.of("code", code, "state", server.codes().parameters(address).get("state")));
    }

    /** A browser that is back at the caller. */
    private record Returned(String code, String confirmation) {}

    private Returned returned(JsonNode begun, String user) {
        String ticket = begun.get("authorization_uri").textValue().substring(BASE.length());
        HttpResponse<String> sent = replicas.persistently(replica -> browse(replica.url(ticket), ""));
        String cookie = sent.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        URI address = URI.create(sent.headers().firstValue("Location").orElseThrow());
        String code = server.codes().issue(user, address);
        String callback = "/connect/server/callback?" + answer(code, address);
        String back = replicas.persistently(replica -> browse(replica.url(callback), cookie))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        return new Returned(code, back.replaceAll(".*confirmation=", ""));
    }

    private HttpResponse<String> browse(URI address, String cookie) {
        var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        try {
            return browser.send(request.build(), BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
