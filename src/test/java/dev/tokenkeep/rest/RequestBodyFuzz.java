package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Whatever a caller sends is read, or refused with a problem that names the culprit and quotes no value. */
public final class RequestBodyFuzz {

    private static final String PLANTED = "1//planted-refresh-token";
    private static final Set<ProblemType> REFUSALS = Set.of(ProblemType.INVALID_REQUEST, ProblemType.BODY_TOO_LARGE);
    private static final Set<String> OWN_NAMES = Set.of(
            "",
            "registration",
            "subject",
            "if_version",
            "token_response",
            "token_response.refresh_token",
            "token_response.access_token",
            "token_response.token_type",
            "token_response.scope",
            "token_response.id_token",
            "token_response.expires_in",
            "token_response.refresh_expires_in",
            "token_response.refresh_token_expires_in",
            "token_response.x_refresh_token_expires_in");
    private static final List<Consumer<InputStream>> BODIES =
            List.of(RequestBodyFuzz::newSession, RequestBodyFuzz::newTokens, RequestBodyFuzz::forcedRefresh);

    private RequestBodyFuzz() {}

    public static void read(FuzzInput input) throws JsonProcessingException {
        Consumer<InputStream> body = input.oneOf(BODIES);
        try {
            body.accept(new ByteArrayInputStream(input.rest()));
        } catch (ProblemException refused) {
            checkProblem(refused.problem());
        }
    }

    private static void newSession(InputStream body) {
        NewSession session = NewSession.read(body);
        assertThat(session.registration().length()).isBetween(1, 64);
        assertThat(session.subject().length()).isBetween(1, 255);
        assertThat(new String(session.subject().getBytes(UTF_8), UTF_8)).isEqualTo(session.subject());
        assertThat(session.subject()).doesNotContain("\0");
        checkTokens(session.tokenResponse());
    }

    private static void newTokens(InputStream body) {
        checkTokens(NewTokens.read(body).tokenResponse());
    }

    private static void forcedRefresh(InputStream body) {
        assertThat(ForcedRefresh.read(body).ifVersion().orElse(1)).isPositive();
    }

    private static void checkTokens(TokenResponse tokens) {
        assertThat(tokens.refreshToken()).isNotNull();
        for (Secret token : Arrays.asList(tokens.accessToken(), tokens.refreshToken(), tokens.idToken())) {
            assertThat(token == null ? "none" : token.reveal()).matches("[ -~]{1,65536}");
        }
        assertThat(tokens.scope() == null ? "none" : tokens.scope()).matches("[ -~]{1,4096}");
    }

    private static void checkProblem(Problem problem) throws JsonProcessingException {
        assertThat(REFUSALS).contains(problem.type());
        JsonNode told = Json.read(problem.json());
        assertThat(told.path("type").textValue()).isEqualTo(problem.type().urn());
        assertThat(told.path("detail").textValue()).isNotBlank().doesNotContain(PLANTED);
        // A name of the caller's own making is told to it again, cut; nothing else is.
        if (!problem.detail().startsWith("Unknown member")) {
            assertThat(OWN_NAMES).contains(told.path("member").asText());
        }
        assertThat(told.path("member").asText().codePoints().count()).isLessThanOrEqualTo(64);
    }
}
