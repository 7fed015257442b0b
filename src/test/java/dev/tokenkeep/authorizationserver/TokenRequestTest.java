package dev.tokenkeep.authorizationserver;

import static dev.tokenkeep.authorizationserver.RawServer.answering;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.CLIENT_SECRET_POST;
import static dev.tokenkeep.registration.ClientAuthenticationMethod.NONE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.authorizationserver.RevocationOutcome.Kind;
import dev.tokenkeep.oauth.RequestFormat;
import dev.tokenkeep.oauth.ResponseShape;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.oauth.TokenResult.Unknown;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request looks like on the wire, for every way a registration can be declared. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class TokenRequestTest {

    private static final Secret REFRESH_TOKEN = Secret.of("rt+1/&=\"ü");
    private static final String ID = "1PpG/Q 1";
    private static final String SECRET = "z/tZ9VwFZqApmIQ+ZH1I5pLk/uB4ud:X2/8bL+wfFTt1rFw=";
    private static final Duration HARD_CAP = Duration.ofSeconds(5);
    private static final String TOKENS = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\"}";

    @Inject
    TokenEndpoint endpoint;

    @Inject
    RevocationEndpoint revocations;

    @Inject
    Ticker ticker;

    @ParameterizedTest
    @CsvSource({
        "CLIENT_SECRET_BASIC, false, FORM",
        "CLIENT_SECRET_BASIC, true, FORM",
        "CLIENT_SECRET_POST, false, FORM",
        "CLIENT_SECRET_POST, true, FORM",
        "NONE, false, FORM",
        "NONE, true, FORM",
        "CLIENT_SECRET_BASIC, false, JSON",
        "CLIENT_SECRET_BASIC, true, JSON",
        "CLIENT_SECRET_POST, false, JSON",
        "NONE, false, JSON"
    })
    @DisplayName(
            "A2, B12: one authentication method in a request, no secret in a URL, and the endpoint's own query kept")
    void authenticatesByOneMethodAlone(ClientAuthenticationMethod method, boolean raw, RequestFormat format)
            throws Exception {
        try (var server = new RawServer(ok(TOKENS))) {
            var registration =
                    WireRegistrations.shaped(server.address("/token?x=1"), method, raw, format, ResponseShape.STANDARD);

            assertThat(refresh(registration)).isInstanceOf(Refreshed.class);

            String request = server.request();
            assertThat(request.lines().findFirst()).contains("POST /token?x=1 HTTP/1.1");
            assertThat(authorization(request))
                    .isEqualTo(method == CLIENT_SECRET_BASIC ? List.of("Authorization: " + basic(raw)) : List.of());
            boolean inBody = body(request).contains("client_secret");
            assertThat(inBody).isEqualTo(method == CLIENT_SECRET_POST);
            assertThat(body(request)).contains("client_id");
            assertThat(server.otherRequests()).isEmpty();
        }
    }

    @Test
    @DisplayName("B1: Basic goes with client_id in the body")
    void sendsTheClientIdWithBasicToo() throws Exception {
        try (var server = new RawServer(ok(TOKENS))) {
            refresh(WireRegistrations.at(server.address("/token")));

            String request = server.request();
            assertThat(authorization(request)).containsExactly("Authorization: " + basic(false));
            assertThat(body(request).split("&")).contains("client_id=1PpG%2FQ+1");
        }
    }

    @Test
    @DisplayName("C: a JSON token request is one object with all that a form would have")
    void sendsJsonWhereTheServerWantsIt() throws Exception {
        try (var server = new RawServer(ok(TOKENS))) {
            assertThat(refresh(json(server))).isInstanceOf(Refreshed.class);

            String request = server.request();
            assertThat(request.lines()
                            .map(line -> line.toLowerCase(Locale.ROOT))
                            .filter(line -> line.startsWith("content-type:")))
                    .containsExactly("content-type: application/json");
            assertThat(new ObjectMapper().readValue(body(request), Map.class))
                    .isEqualTo(Map.of(
                            "grant_type",
                            "refresh_token",
                            "refresh_token",
                            REFRESH_TOKEN.reveal(),
                            "client_id",
                            ID,
                            "client_secret",
                            SECRET,
                            "audience",
                            "https://api.example/?a&b"));
        }
    }

    @Test
    void sendsNoJsonOnceTheLeaseIsOver() throws Exception {
        try (var server = new RawServer(ok(TOKENS))) {
            Lease over = new Lease(Deadline.after(ticker.nanos(), Duration.ofMillis(-1)));

            assertThat(refresh(json(server), over, HARD_CAP)).isEqualTo(new NotSent("lease_too_short"));
            assertThat(server.otherRequests()).isEmpty();
        }
    }

    @Test
    void givesUpAJsonRequestAtTheHardCap() throws Exception {
        try (var server = new RawServer(RawServer.silent())) {
            assertThat(refresh(json(server), lease(), Duration.ofMillis(300))).isEqualTo(new Unknown("timeout", null));
            assertThat(body(server.request())).startsWith("{");
        }
    }

    @Test
    void readsNoMoreThanAMegabyteOfTheAnswerToJson() throws Exception {
        byte[] chunk = " ".repeat(64 * 1024).getBytes(UTF_8);
        try (var server = new RawServer(RawServer.endless("HTTP/1.1 200 OK\r\n\r\n", chunk, 0))) {
            assertThat(refresh(json(server))).isEqualTo(new Unknown("response_too_large", null));
        }
    }

    @Test
    @DisplayName("A6: a revocation request is a form, whatever a token request is")
    void revokesByAFormAlways() throws Exception {
        try (var server = new RawServer(answering("HTTP/1.1 200 OK", "Content-Length: 0", "", ""))) {
            assertThat(revocations
                            .revoke(json(server), Secret.of("rt"), HARD_CAP)
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS)
                            .kind())
                    .isEqualTo(Kind.REVOKED);
            assertThat(server.request())
                    .contains("Content-Type: application/x-www-form-urlencoded")
                    .contains("token=rt&");
        }
    }

    @Test
    @DisplayName("C: tokens are found where the registration says they are")
    void readsNestedAnswers() throws Exception {
        try (var server = new RawServer(ok("{\"ok\":true,\"data\":{\"access_token\":\"at\",\"scope\":\"a,b\"}}"))) {
            var registration = WireRegistrations.shaped(
                    server.address("/token"), NONE, false, RequestFormat.FORM, new ResponseShape(List.of("data"), ","));

            assertThat(refresh(registration)).isInstanceOfSatisfying(Refreshed.class, refreshed -> {
                assertThat(refreshed.response().accessToken()).isEqualTo(Secret.of("at"));
                assertThat(refreshed.response().scope()).isEqualTo("a b");
            });
        }
    }

    @Test
    void aRefreshMayHaveAnAddressOfItsOwn() throws Exception {
        try (var server = new RawServer(RawServer.answering(
                "HTTP/1.1 200 OK", "Content-Type: application/json", "Connection: close", "", TOKENS))) {
            ClientRegistration registration = TestClientRegistrations.with(Map.of(
                    "token-endpoint", server.address("/token").toString(),
                    "refresh-endpoint", server.address("/refresh").toString()));
            refresh(registration);
            assertThat(server.request()).startsWith("POST /refresh ");
            endpoint.send(registration, Grant.clientCredentials(null), lease(), HARD_CAP)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(server.request()).startsWith("POST /token ");
        }
    }

    private TokenResult refresh(ClientRegistration registration) {
        return refresh(registration, lease(), HARD_CAP);
    }

    private TokenResult refresh(ClientRegistration registration, Lease lease, Duration hardCap) {
        return endpoint.send(registration, Grant.refreshToken(REFRESH_TOKEN), lease, hardCap)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .outcome();
    }

    private Lease lease() {
        return new Lease(Deadline.after(ticker.nanos(), Duration.ofSeconds(20)));
    }

    private static ClientRegistration json(RawServer server) {
        return WireRegistrations.shaped(
                server.address("/x"), CLIENT_SECRET_POST, false, RequestFormat.JSON, ResponseShape.STANDARD);
    }

    private static String basic(boolean raw) {
        String credentials =
                raw ? ID + ":" + SECRET : URLEncoder.encode(ID, UTF_8) + ":" + URLEncoder.encode(SECRET, UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    private static List<String> authorization(String request) {
        return request.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:"))
                .toList();
    }

    /** As it was meant: the server reads bytes as characters one by one. */
    private static String body(String request) {
        byte[] bytes = request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);
        return new String(bytes, UTF_8);
    }

    private static RawServer.Behaviour ok(String body) {
        return answering(
                "HTTP/1.1 200 OK", "Content-Type: application/json", "Content-Length: " + body.length(), "", body);
    }
}
