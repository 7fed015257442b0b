package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTokenHashTest {

    private static final String ACCESS_TOKEN = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";

    @ParameterizedTest
    @CsvSource({
        "RS256, 77QmUPtjPfzWtF2AnpK9RQ, true",
        "HS256, 77QmUPtjPfzWtF2AnpK9RQ, true",
        "RS384, 77QmUPtjPfzWtF2AnpK9RQ, false",
        "EdDSA, 77QmUPtjPfzWtF2AnpK9RQ, false",
        "RS256, 77QmUPtjPfzWtF2AnpK9RR, false"
    })
    @DisplayName("H7: the example of OpenID Connect Core 1.0 appendix A.4")
    void comparesTheLeftHalfOfTheHash(String algorithm, String hash, boolean matches) {
        assertThat(AccessTokenHash.matches(hash, idToken(algorithm), Secret.of(ACCESS_TOKEN)))
                .isEqualTo(matches);
    }

    @Test
    void asksForNoHash() {
        assertThat(AccessTokenHash.matches(null, idToken("RS256"), Secret.of(ACCESS_TOKEN)))
                .isTrue();
        assertThat(AccessTokenHash.matches("77QmUPtjPfzWtF2AnpK9RQ", idToken("RS256"), null))
                .isTrue();
    }

    private static Secret idToken(String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\"}";
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8)) + ".e30.");
    }
}
