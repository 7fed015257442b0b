package dev.tokenkeep.authorizationserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.authorizationserver.metadata.MetadataRequest;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.time.Ticker;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the metadata of an authorization server demands of sign-ins. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class SignInEndpointsTest {

    @Inject
    OutboundTls tls;

    @Inject
    MetadataRequest request;

    @Inject
    Ticker ticker;

    @ParameterizedTest
    @CsvSource({
        "require_signed_request_object, signed_authorization_request_required",
        "require_pushed_authorization_requests, no_pushed_authorization_request_endpoint"
    })
    @DisplayName("H10, H28: a server that takes no request of ours is told by its code")
    void tellsWhyNobodyCanSignIn(String demanded, String code) throws IOException {
        try (var server = new MetadataServer()) {
            URI issuer = server.address("");
            String metadata = server.metadataOf(issuer);
            server.serve(
                    "/.well-known/openid-configuration",
                    metadata.substring(0, metadata.lastIndexOf('}')) + ",\"authorization_endpoint\":\""
                            + server.address("/authorize") + "\",\"" + demanded + "\":true}");
            var endpoints = new SignInEndpoints(new IssuerDiscovery(request, tls, ticker));
            Look look = endpoints
                    .of(WireRegistrations.discoveredFrom(issuer), Duration.ofSeconds(5))
                    .toCompletableFuture()
                    .join();
            assertThat(look).isEqualTo(new Look.Missing(code, true));
        }
    }
}
