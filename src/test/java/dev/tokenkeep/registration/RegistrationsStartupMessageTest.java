package dev.tokenkeep.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegistrationsStartupMessageTest {

    private static final String CANARY = "canary";

    @Test
    void tellsWhereARegistrationGoesAndHowItAuthenticates() {
        var registration = TestClientRegistrations.with(Map.of("token-endpoint", "https://as.example:8443/token"));
        assertThat(text(Map.of("test", registration)))
                .isEqualTo(
                        "Registrations: test (token endpoint at as.example:8443, client_secret_basic, rotation strict)");
    }

    @Test
    void tellsNoSecret() {
        var registration = TestClientRegistrations.with(Map.of(
                "client-secret", CANARY,
                "headers.x-api-key", CANARY,
                "parameters.audience", CANARY,
                "client-id", CANARY,
                "token-endpoint", "https://as.example/" + CANARY + "?key=" + CANARY));
        assertThat(text(Map.of("test", registration))).contains("as.example").doesNotContain(CANARY);
    }

    @Test
    void staysALineWithManyRegistrations() {
        var registration = TestClientRegistrations.with(Map.of("issuer", "https://as.example/"));
        Map<String, ClientRegistration> many = IntStream.range(0, 1000)
                .mapToObj(String::valueOf)
                .collect(Collectors.toMap(Function.identity(), name -> registration));
        assertThat(text(many)).endsWith("rotation strict) and 995 more").hasSizeLessThan(500);
    }

    @Test
    void tellsThatThereAreNone() {
        assertThat(text(Map.of())).isEqualTo("Registrations: none");
    }

    private static String text(Map<String, ClientRegistration> registrations) {
        return RegistrationsStartupMessage.text(TestClientRegistrations.fixed(registrations));
    }
}
