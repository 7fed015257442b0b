package dev.tokenkeep.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionPathsTest {

    @ParameterizedTest
    @CsvSource({
        "/v1/sessions, /v1/sessions",
        "/v1/sessions/, /v1/sessions/",
        "/v1/access-token, /v1/access-token",
        "/v1/access-token/alice, /v1/access-token/-",
        "/v1/sessions/Zt3, /v1/sessions/{id}",
        "/v1/sessions/Zt3/, /v1/sessions/{id}/",
        "/v1/sessions/Zt3/access-token, /v1/sessions/{id}/access-token",
        "/v1/sessions/Zt3/id-token/, /v1/sessions/{id}/id-token/",
        "/api/v1/sessions/Zt3/refresh, /api/v1/sessions/{id}/refresh",
        "/v1/sessions/Zt3/secret, /v1/sessions/-",
        "/v1/sessions/Zt3;secret, /v1/sessions/-",
        "/v1/sessions;secret, /v1/sessions/-",
        "/v1/sessions/v1/sessions, /v1/sessions/-",
        "/v1/sessions//Zt3, /v1/sessions/-"
    })
    void tellsThePathWithoutTheSession(String path, String told) {
        assertThat(SessionPaths.template(path)).isEqualTo(told);
    }
}
