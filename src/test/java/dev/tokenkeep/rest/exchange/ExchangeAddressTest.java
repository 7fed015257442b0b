package dev.tokenkeep.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.caller.ExchangeConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address that clients know the token endpoint by. */
class ExchangeAddressTest {

    private static ExchangeAddress of(String issuer) {
        return new ExchangeAddress(new ExchangeConfig() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public Optional<String> issuer() {
                return Optional.ofNullable(issuer);
            }

            @Override
            public Map<String, SubjectIssuerConfig> subjectIssuers() {
                return Map.of();
            }
        });
    }

    /** RFC 8414 §3.1. */
    @Test
    void metadataAreAlsoAtThePathOfTheIssuer() {
        ExchangeAddress address = of("https://example.com/auth/tokens/");
        assertThat(address.hasPath("auth/tokens")).isTrue();
        assertThat(address.hasPath("auth/tokens/")).isTrue();
        assertThat(address.hasPath("auth")).isFalse();
        assertThat(of("https://example.com").hasPath("auth")).isFalse();
        assertThat(of(null).hasPath("auth")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com?a=b", "https://example.com#a", "http://example.com", "example.com"})
    void anIssuerIsAnAddressAndNothingMore(String issuer) {
        assertThatThrownBy(() -> of(issuer)).hasMessageContaining("tokenkeep.exchange.issuer");
    }
}
