package dev.tokenkeep.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Flow;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthorizationRequestTest {

    private static final URI ENDPOINT = URI.create("https://as.example/authorize");

    @Test
    void theIdGoesByTheNameThatTheServerWants() {
        ClientRegistration registration =
                TestClientRegistrations.with(Map.of("client-id-parameter", "client_key", "client-id", "k-1"));
        var asked = new Asked(
                "web",
                "test",
                "alice",
                Flow.AUTHORIZATION_CODE,
                "https://shop.example/callback",
                null,
                "video.list",
                null);
        var secrets = new Secrets(Secret.of("state"), Secret.of("verifier"), null, null);
        var request = new AuthorizationRequest(registration, asked, secrets, Map.of());

        assertThat(request.uri(ENDPOINT).getQuery()).contains("client_key=k-1").doesNotContain("client_id");
        assertThat(request.uri(ENDPOINT, "urn:request:1").getQuery())
                .isEqualTo("client_key=k-1&request_uri=urn:request:1");
    }
}
