package dev.tokenkeep.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.testing.LogLines;
import dev.tokenkeep.testing.PemKeys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SharedKeysCheckTest {

    private static final String KEYS =
            PemKeys.of("one", PemKeys.pair("P-256")).directory().toString();

    private static ClientRegistration signing(String name, String keys, String audience) {
        return TestClientRegistrations.named(
                name,
                Map.of(
                        "issuer",
                        "https://" + name + ".example/",
                        "token-endpoint",
                        "https://" + name + ".example/token",
                        "client-secret",
                        "",
                        "client-authentication",
                        "private_key_jwt",
                        "client-keys",
                        keys,
                        "client-assertion-audience",
                        audience));
    }

    private static List<String> warned(ClientRegistration... registrations) {
        try (var log = LogLines.of("dev.tokenkeep.registration")) {
            SharedKeysCheck.warn(List.of(registrations));
            return log.with("sign with the same key");
        }
    }

    @Test
    @DisplayName("G19: a shared key and another audience than the issuer are warned of by name")
    void warnsOfASharedKeyAndAnotherAudience() {
        assertThat(warned(
                        signing("one", KEYS, "https://one.example/"),
                        signing("two", KEYS, "https://two.example/token"),
                        signing("three", KEYS, "endpoint")))
                .singleElement()
                .asString()
                .contains("The registrations [one, three, two]", "and [three, two] for an audience");
    }

    @Test
    void saysNothingOfOneServer() {
        ClientRegistration one = signing("one", KEYS, "endpoint");

        assertThat(warned(one, one)).isEmpty();
    }

    @Test
    void saysNothingOfKeysOfTheirOwn() {
        String others = PemKeys.of("one", PemKeys.pair("P-256")).directory().toString();

        assertThat(warned(signing("one", KEYS, "endpoint"), signing("two", others, "endpoint")))
                .isEmpty();
    }

    @Test
    void saysNothingOfASharedKeyForIssuersAlone() {
        assertThat(warned(
                        signing("one", KEYS, "https://one.example/"),
                        signing("two", KEYS, "https://two.example/"),
                        TestClientRegistrations.with(Map.of())))
                .isEmpty();
    }
}
