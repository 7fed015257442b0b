package dev.tokenkeep.authorizationserver;

import static dev.tokenkeep.authorizationserver.RawServer.answering;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.authorizationserver.RevocationOutcome.Kind;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7009, CONFORMANCE A6. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RevocationEndpointTest {

    /** Long enough for a server that answers, on a busy machine. */
    private static final Duration HARD_CAP = Duration.ofSeconds(15);

    /** For a server that does not answer. */
    private static final Duration SHORT_CAP = Duration.ofMillis(500);

    @Inject
    RevocationEndpoint endpoint;

    @Test
    @DisplayName("K16: a revocation authenticates the client as a refresh does")
    void sendsTheTokenItsKindAndTheClientsCredentials() throws Exception {
        try (var server = new RawServer(answering("HTTP/1.1 200 OK", "Content-Length: 0", "", ""))) {
            assertThat(revoke(server.address("/revoke?x=1")).kind()).isEqualTo(Kind.REVOKED);

            String request = server.request();
            assertThat(request).startsWith("POST /revoke?x=1 HTTP/1.1").contains("X-Gateway: g-1");
            assertThat(request.substring(request.indexOf("\r\n\r\n") + 4).split("&"))
                    .contains("token=rt-1", "token_type_hint=refresh_token", "client_id=1PpG%2FQ+1")
                    .anyMatch(parameter -> parameter.startsWith("client_secret="))
                    .hasSize(4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, '', REVOKED, http_200",
        "204, '', REVOKED, http_204",
        "400, unsupported_token_type, GIVEN_UP, unsupported_token_type",
        "400, invalid_request, GIVEN_UP, invalid_request",
        "404, '', GIVEN_UP, http_404",
        "302, '', GIVEN_UP, http_302",
        "401, '', RETRY, http_401",
        "401, invalid_client, RETRY, invalid_client",
        "400, invalid_client, RETRY, invalid_client",
        "429, '', RETRY, http_429",
        "500, '', RETRY, http_500",
        "503, '', RETRY, http_503"
    })
    @DisplayName("A6: 200 is done, 503 is tried again, unsupported_token_type is given up")
    void triesAgainWhereThatMayHelp(int status, String error, Kind kind, String code) throws Exception {
        String body = error.isEmpty() ? "" : "{\"error\":\"" + error + "\"}";
        try (var server =
                new RawServer(answering("HTTP/1.1 " + status + " X", "Content-Length: " + body.length(), "", body))) {
            assertThat(revoke(server.address("/revoke"))).isEqualTo(new RevocationOutcome(kind, code, null));
        }
    }

    @Test
    @DisplayName("A6: 503 with Retry-After")
    void comesBackWhenTheServerAsksItTo() throws Exception {
        try (var server =
                new RawServer(answering("HTTP/1.1 503 Unavailable", "Retry-After: 120", "Content-Length: 0", "", ""))) {
            assertThat(revoke(server.address("/revoke")))
                    .isEqualTo(new RevocationOutcome(Kind.RETRY, "http_503", Duration.ofMinutes(2)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triesAgainWhenThereWasNoAnswer(boolean listening) throws Exception {
        try (var server = new RawServer(RawServer.silent())) {
            URI address = server.address("/revoke");
            if (!listening) {
                server.close();
            }
            assertThat(revoke(address, SHORT_CAP).kind()).isEqualTo(Kind.RETRY);
        }
    }

    @Test
    void givesUpWhereThereIsNoSuchEndpoint() {
        assertThat(revoke(null)).isEqualTo(new RevocationOutcome(Kind.GIVEN_UP, "no_revocation_endpoint", null));
    }

    private RevocationOutcome revoke(URI revocationEndpoint) {
        return revoke(revocationEndpoint, HARD_CAP);
    }

    private RevocationOutcome revoke(URI revocationEndpoint, Duration hardCap) {
        ClientRegistration registration = WireRegistrations.revokingAt(revocationEndpoint);
        return endpoint.revoke(registration, Secret.of("rt-1"), hardCap)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
