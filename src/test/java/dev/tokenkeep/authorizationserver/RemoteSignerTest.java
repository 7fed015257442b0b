package dev.tokenkeep.authorizationserver;

import static dev.tokenkeep.authorizationserver.RawServer.answering;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.jose.Signer;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.SigningKeys.SigningKey;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.oauth.TokenResult.NotSent;
import dev.tokenkeep.oauth.TokenResult.Refreshed;
import dev.tokenkeep.registration.BasicCredentials;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistration.Assertion;
import dev.tokenkeep.registration.ClientRegistration.Client;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.PemKeys;
import dev.tokenkeep.time.Deadline;
import dev.tokenkeep.time.Lease;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Token requests of a client whose key signs elsewhere: at once, later, too late, or not at all. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RemoteSignerTest {

    private static final Duration HARD_CAP = Duration.ofSeconds(15);
    private static final String TOKENS = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\",\"expires_in\":60}";
    private static final byte[] SIGNATURE = "signature".getBytes(US_ASCII);

    private final RawServer server = new RawServer(answering(
            "HTTP/1.1 200 OK", "Content-Type: application/json", "Content-Length: " + TOKENS.length(), "", TOKENS));
    private final CompletableFuture<Optional<byte[]>> signed = new CompletableFuture<>();

    @Inject
    TokenEndpoint endpoint;

    @Inject
    Ticker ticker;

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private ClientRegistration registration(Signer signer) throws Exception {
        URI address = server.address("/token");
        ClientRegistration plain = WireRegistrations.at(address);
        var key = new SigningKey("crm-v1", signer, PemKeys.pair("P-256").getPublic(), List.of());
        return new ClientRegistration(
                plain.name(),
                plain.server(),
                new Client(
                        "client",
                        "client_id",
                        null,
                        ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                        BasicCredentials.ENCODED,
                        new Assertion(SigningAlgorithm.ES256, new SigningKeys(List.of(key), key), "as", "JWT")),
                plain.requests(),
                plain.limits(),
                plain.refreshTokens(),
                plain.accessTokens(),
                plain.signIn());
    }

    private CompletableFuture<TokenResult> refresh(Lease lease, Duration hardCap) throws Exception {
        return endpoint.send(
                        registration((algorithm, input) -> signed), Grant.refreshToken(Secret.of("rt")), lease, hardCap)
                .thenApply(TokenAnswer::outcome)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    private Lease lease(Duration length) {
        return new Lease(Deadline.after(ticker.nanos(), length));
    }

    private void nothingWasSent(TokenResult result, String code) {
        assertThat(result).isEqualTo(new NotSent(code));
        assertThat(server.connections()).isZero();
    }

    @Test
    void waitsForTheSignatureAndThenSendsIt() throws Exception {
        CompletableFuture<TokenResult> result = refresh(lease(Duration.ofMinutes(1)), HARD_CAP);
        assertThat(result).isNotDone();
        assertThat(server.connections()).isZero();
        signed.complete(Optional.of(SIGNATURE));
        assertThat(result.join()).isInstanceOf(Refreshed.class);
        assertThat(server.request())
                .contains("." + Base64.getUrlEncoder().withoutPadding().encodeToString(SIGNATURE))
                .doesNotContain("client_secret");
    }

    @Test
    void sendsNothingWithoutASignature() throws Exception {
        signed.complete(Optional.empty());
        nothingWasSent(refresh(lease(Duration.ofMinutes(1)), HARD_CAP).join(), "client_key_unavailable");
    }

    @Test
    void sendsNothingAfterTheHardCap() throws Exception {
        CompletableFuture<TokenResult> result = refresh(lease(Duration.ofMinutes(1)), Duration.ofNanos(1));
        signed.complete(Optional.of(SIGNATURE));
        nothingWasSent(result.join(), "client_key_unavailable");
    }

    @Test
    void sendsNothingAfterTheLease() throws Exception {
        CompletableFuture<TokenResult> result = refresh(lease(Duration.ofNanos(1)), HARD_CAP);
        signed.complete(Optional.of(SIGNATURE));
        assertThat(result.join()).isEqualTo(new NotSent(NotSent.LEASE_TOO_SHORT));
        assertThat(server.otherRequests()).isEmpty();
    }
}
