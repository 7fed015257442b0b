package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateThumbprintTest {

    private static final String THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

    private static String jwt(String payload) {
        return "eyJhbGciOiJub25lIn0." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8))
                + ".c2ln";
    }

    static IntStream placesInThePayload() {
        return IntStream.range(0, 9);
    }

    @ParameterizedTest
    @MethodSource("placesInThePayload")
    @DisplayName("G8: the thumbprint is found wherever the claim is")
    void findsTheThumbprint(int before) {
        String payload = "{\"sub\":\"" + "x".repeat(before) + "\",\"cnf\":{\"x5t#S256\":\"" + THUMBPRINT
                + "\"},\"scope\":\"read\"}";
        assertThat(CertificateThumbprint.of(jwt(payload))).contains(THUMBPRINT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"cnf\":{}}",
                "{\"cnf\":\"x5t#S256\"}",
                "{\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}}",
                "{\"cnf\":{\"x5t#S256\":7}}",
                "{\"cnf\":null}",
                "[\"cnf\"]"
            })
    void findsNoneWhereThereIsNone(String payload) {
        assertThat(CertificateThumbprint.of(jwt(payload))).isEmpty();
    }

    @Test
    void anOpaqueTokenDoesNotTell() {
        assertThat(CertificateThumbprint.of("opaque")).isEmpty();
        assertThat(CertificateThumbprint.of("ImNuZiI6.ImNuZiI6.")).isEmpty();
        assertThat(CertificateThumbprint.of("a.ImNuZiI6")).isEmpty();
    }
}
