package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.oauth.AccessTokenAudience;
import dev.tokenkeep.oauth.IdTokenClaims;
import dev.tokenkeep.oauth.IdTokenRules;
import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whatever an authorization server calls an ID token is judged and shown, and never believed about another subject. */
public final class IdTokenFuzz {

    private static final String CLIENT = "client-1";
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final List<String> ISSUERS = Arrays.asList(null, "https://as.example");

    private IdTokenFuzz() {}

    /** Two payloads separated by a tab: the former ID token's, and the refreshed one's. */
    public static void read(FuzzInput input) throws JsonProcessingException {
        boolean raw = input.oneOf(List.of(false, true));
        String issuer = input.oneOf(ISSUERS);
        String[] payloads = input.text().split("\t", 2);
        Secret before = token(payloads[0], raw);
        Secret refreshed = token(payloads[payloads.length - 1], raw);

        shown(refreshed);
        AccessTokenAudience.isAnothers(refreshed, CLIENT);
        IdTokenClaims claimed = IdTokenClaims.read(refreshed).orElse(null);
        if (claimed != null) {
            assertThat(claimed).hasToString("[claims]");
            judged(IdTokenClaims.read(before).orElse(null), claimed, issuer);
        }
    }

    private static Secret token(String payload, boolean raw) {
        return Secret.of(
                raw
                        ? payload
                        : "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8))
                                + ".c2ln");
    }

    private static void shown(Secret token) throws JsonProcessingException {
        JsonNode answer = Json.read(Json.bytes(IdTokenView.of(token)));
        assertThat(answer.has("id_token")).isTrue();
        assertThat(answer.path("claims").isObject()).isEqualTo(answer.has("claims"));
    }

    private static void judged(@Nullable IdTokenClaims before, IdTokenClaims refreshed, @Nullable String issuer) {
        Finding finding = IdTokenRules.check(before, refreshed, issuer, CLIENT, NOW);
        boolean another = before != null
                && before.subject() != null
                && refreshed.subject() != null
                && !before.subject().equals(refreshed.subject());
        assertThat(finding.verdict() == Verdict.OTHER_SUBJECT).isEqualTo(another);
        if (finding.verdict() == Verdict.VALID) {
            assertThat(refreshed.subject()).isNotEmpty();
            assertThat(refreshed.audience()).contains(CLIENT);
            assertThat(issuer == null ? refreshed.issuer() : issuer).isNotNull().isEqualTo(refreshed.issuer());
            assertThat(refreshed.issuedAt()).isBeforeOrEqualTo(NOW.plusSeconds(300));
            assertThat(IdTokenRules.check(refreshed, refreshed, issuer, CLIENT, NOW)
                            .verdict())
                    .isEqualTo(Verdict.VALID);
        }
    }
}
