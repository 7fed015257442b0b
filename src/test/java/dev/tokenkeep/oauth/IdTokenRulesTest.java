package dev.tokenkeep.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.IdTokenRules.Finding;
import dev.tokenkeep.oauth.IdTokenRules.Verdict;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdTokenRulesTest {

    private static final Instant NOW = Instant.ofEpochSecond(2_000_000_000L);
    private static final String ISSUER = "https://as.example/";
    private static final String BEFORE = """
            {"iss":"https://as.example/","sub":"alice","aud":["client","other"],"azp":"client","iat":1999999000,\
            "auth_time":1999990000,"nonce":"n-1"}""";

    @Test
    @DisplayName("A14: a refreshed ID token that says the same, issued later, is valid")
    void takesARefreshedIdToken() {
        assertThat(check(BEFORE.replace("1999999000", "2000000000"))).isEqualTo(Finding.VALID);
    }

    @ParameterizedTest
    @DisplayName("A14: what it need not say again it need not say")
    @ValueSource(strings = {",\"nonce\":\"n-1\"", "\"auth_time\":1999990000,"})
    void needsNeitherNonceNorAuthTime(String left) {
        assertThat(check(BEFORE.replace(left, ""))).isEqualTo(Finding.VALID);
    }

    @Test
    @DisplayName("A14: an audience in another order is the same audience")
    void comparesAudiencesAsSets() {
        assertThat(check(BEFORE.replace("[\"client\",\"other\"]", "[\"other\",\"client\"]")))
                .isEqualTo(Finding.VALID);
    }

    @ParameterizedTest
    @DisplayName("A14: each claim that was tampered with is found")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"iss\":\"https://as.example/\"  | \"iss\":\"https://evil.example/\"  | iss",
                "\"iss\":\"https://as.example/\"  | \"iss\":\"https://as.example\"     | iss",
                "\"iss\":\"https://as.example/\", | ''                                 | iss",
                "\"sub\":\"alice\",               | ''                                 | sub",
                "\"sub\":\"alice\"                | \"sub\":\"\"                       | sub",
                "\"sub\":\"alice\"                | \"sub\":7                          | sub",
                "[\"client\",\"other\"]           | [\"other\"]                        | aud",
                "[\"client\",\"other\"]           | \"client\"                         | aud",
                "[\"client\",\"other\"]           | []                                 | aud",
                "\"azp\":\"client\"               | \"azp\":\"other\"                  | azp",
                "\"azp\":\"client\",              | ''                                 | azp",
                "\"iat\":1999999000               | \"iat\":1999998999                 | iat",
                "\"iat\":1999999000               | \"iat\":2000000301                 | iat",
                "\"iat\":1999999000               | \"iat\":\"now\"                    | iat",
                "\"iat\":1999999000               | \"iat\":-1                         | iat",
                "\"iat\":1999999000               | \"iat\":1e300                      | iat",
                "\"auth_time\":1999990000         | \"auth_time\":1999990001           | auth_time",
                "\"nonce\":\"n-1\"                | \"nonce\":\"n-2\"                  | nonce"
            })
    void findsWhatWasTamperedWith(String said, String tampered, String claim) {
        assertThat(check(BEFORE.replace(said, tampered))).isEqualTo(new Finding(Verdict.INVALID, claim));
    }

    @Test
    @DisplayName("A14: another subject is another subject, whatever else is wrong")
    void knowsAnotherSubject() {
        String other = BEFORE.replace("alice", "mallory");
        assertThat(check(other).verdict()).isEqualTo(Verdict.OTHER_SUBJECT);
        assertThat(check(other.replace("as.example", "evil.example")).verdict()).isEqualTo(Verdict.OTHER_SUBJECT);
    }

    @Test
    @DisplayName("A14: the first ID token of a session has nothing to be held against but its client and issuer")
    void judgesTheFirstOneByItself() {
        assertThat(IdTokenRules.check(null, claims(BEFORE), ISSUER, "client", NOW))
                .isEqualTo(Finding.VALID);
        assertThat(IdTokenRules.check(null, claims(BEFORE), null, "client", NOW))
                .isEqualTo(Finding.VALID);
        assertThat(IdTokenRules.check(null, claims(BEFORE), ISSUER, "another", NOW))
                .isEqualTo(new Finding(Verdict.INVALID, "aud"));
    }

    @ParameterizedTest
    @DisplayName("A14: what is no ID token has no claims, and harms nobody")
    @ValueSource(strings = {"opaque", "a.b", "a.b.c.d", "a.!.c", "..", "e30.bnVsbA.c", "e30.W10.c", "e30.IntvbiI.c"})
    void readsNoClaimsFromWhatIsNone(String token) {
        assertThat(IdTokenClaims.read(Secret.of(token))).isEmpty();
    }

    @Test
    @DisplayName("A14: claims tell nothing of themselves in a log")
    void printsNothing() {
        assertThat(claims(BEFORE).toString()).doesNotContain("alice");
    }

    private static Finding check(String refreshed) {
        return IdTokenRules.check(claims(BEFORE), claims(refreshed), ISSUER, "client", NOW);
    }

    private static IdTokenClaims claims(String payload) {
        String part = Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8));
        return IdTokenClaims.read(Secret.of("e30." + part + ".sig")).orElseThrow();
    }
}
