package dev.tokenkeep.authorizationserver.clientauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpopNoncesTest {

    private static final URI TOKEN = URI.create("https://as.example/token");

    private final DpopNonces nonces = new DpopNonces();

    @Test
    @DisplayName("G10: one nonce for each server, whatever the path")
    void keepsTheLatestOfEachServer() {
        nonces.keep(TOKEN, "n-1");
        nonces.keep(URI.create("https://AS.example/par"), "n-2");
        nonces.keep(URI.create("https://as.example:8443/token"), "n-3");
        nonces.keep(URI.create("https://other.example/token"), "n-4");

        assertThat(nonces.of(TOKEN)).isEqualTo("n-2");
        assertThat(nonces.of(URI.create("https://as.example:8443/token"))).isEqualTo("n-3");
        assertThat(nonces.of(URI.create("https://other.example/token"))).isEqualTo("n-4");
        assertThat(nonces.of(URI.create("https://third.example/token"))).isNull();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "ä"})
    void keepsTheFormerOneIfTheNewOneCannotBeInAProof(String nonce) {
        nonces.keep(TOKEN, "n-1");
        nonces.keep(TOKEN, nonce);
        nonces.keep(TOKEN, "x".repeat(1025));

        assertThat(nonces.of(TOKEN)).isEqualTo("n-1");
    }
}
