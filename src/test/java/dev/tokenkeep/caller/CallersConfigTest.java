package dev.tokenkeep.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every violation is told by its key, all of them at once. */
class CallersConfigTest {

    @Test
    void findsACallerByItsSubject() {
        Callers callers = callers(Map.of(
                "tokenkeep.callers.shop.subject", "system:serviceaccount:shop:web",
                "tokenkeep.callers.shop.permissions", "tokens:read,sessions:write"));
        Caller shop = callers.find(subject("system:serviceaccount:shop:web")).orElseThrow();
        assertThat(shop.name()).isEqualTo("shop");
        assertThat(shop.permissions()).containsExactlyInAnyOrder(Permission.TOKENS_READ, Permission.SESSIONS_WRITE);
        assertThat(shop.mayUse("anything")).isTrue();
        assertThat(callers.find(subject("somebody"))).isEmpty();
        assertThat(callers.find(subject(null))).isEmpty();
    }

    @Test
    void reportsEveryViolationByItsKey() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.a.permissions", "tokens:write",
                        "tokenkeep.callers.b.subject", "b",
                        "tokenkeep.callers.c.subject", "c",
                        "tokenkeep.callers.c.permissions", "tokens:read",
                        "tokenkeep.callers.c.registrations", "nowhere",
                        "tokenkeep.callers.\"d e\".subject", "d",
                        "tokenkeep.callers.\"d e\".permissions", "tokens:read")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.callers.a: needs one of subject, group and scope")
                .hasMessageContaining("tokenkeep.callers.a.permissions: there is no permission tokens:write")
                .hasMessageContaining("tokenkeep.callers.b.permissions: is missing")
                .hasMessageContaining("tokenkeep.callers.c.registrations: there is no registration nowhere")
                .hasMessageContaining("tokenkeep.callers.d e: a caller's name");
    }

    @Test
    void refusesTwoCallersOfOneSubject() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.a.subject", "same",
                        "tokenkeep.callers.a.permissions", "tokens:read",
                        "tokenkeep.callers.b.subject", "same",
                        "tokenkeep.callers.b.permissions", "tokens:read")))
                .hasMessageContaining("subject: is already used by another caller");
    }

    @Test
    void refusesAnEmptyListOfRegistrationsWhichWouldMeanAll() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.a.subject", "a",
                        "tokenkeep.callers.a.permissions", "tokens:read",
                        "tokenkeep.callers.a.registrations", "")))
                .hasMessageContaining("tokenkeep.callers.a.registrations: is empty");
    }

    @Test
    void isOneCallerOrNone() {
        Callers callers = callers(Map.of(
                "tokenkeep.callers.shop.subject", "shop",
                "tokenkeep.callers.shop.permissions", "tokens:read",
                "tokenkeep.callers.readers.group", "readers",
                "tokenkeep.callers.readers.permissions", "sessions:read",
                "tokenkeep.callers.listers.scope", "list",
                "tokenkeep.callers.listers.permissions", "sessions:read"));
        assertThat(found(callers, "shop", Set.of("readers"), Set.of("list"))).isEqualTo("shop");
        assertThat(found(callers, "a", Set.of("readers", "others"), Set.of())).isEqualTo("readers");
        assertThat(found(callers, "a", Set.of(), Set.of("openid", "list"))).isEqualTo("listers");
        assertThat(found(callers, "a", Set.of("readers"), Set.of("list"))).isEqualTo("nobody");
        assertThat(found(callers, "a", Set.of("list"), Set.of("readers"))).isEqualTo("nobody");
        assertThat(found(callers, null, Set.of("readers"), Set.of())).isEqualTo("nobody");
        assertThat(found(callers, " ", Set.of("readers"), Set.of())).isEqualTo("nobody");
    }

    private static String found(Callers callers, @Nullable String subject, Set<String> groups, Set<String> scopes) {
        return callers.find(new CallerClaims("https://a.example", subject, groups, scopes))
                .map(Caller::name)
                .orElse("nobody");
    }

    /** Whoever may issue JWTs here may call somebody whatever he likes. */
    @Test
    void isWhoItsOwnIssuerSaysAndNobodyElseDoes() {
        Callers callers = callers(Map.of(
                "tokenkeep.issuers.entra.issuer", "https://entra.example",
                "tokenkeep.issuers.partner.issuer", "https://partner.example",
                "tokenkeep.callers.shop.subject", "shop",
                "tokenkeep.callers.shop.permissions", "tokens:read",
                "tokenkeep.callers.entra-shop.issuer", "entra",
                "tokenkeep.callers.entra-shop.subject", "shop",
                "tokenkeep.callers.entra-shop.permissions", "tokens:read",
                "tokenkeep.callers.entra-team.issuer", "entra",
                "tokenkeep.callers.entra-team.group", "team",
                "tokenkeep.callers.entra-team.permissions", "tokens:read"));
        assertThat(issuedBy(callers, "https://entra.example", "shop", "none")).isEqualTo("entra-shop");
        assertThat(issuedBy(callers, "https://entra.example", "a", "team")).isEqualTo("entra-team");
        assertThat(issuedBy(callers, "https://partner.example", "shop", "team")).isEqualTo("nobody");
        assertThat(issuedBy(callers, "https://the-cluster.example", "shop", "none"))
                .isEqualTo("shop");
        assertThat(issuedBy(callers, "https://the-cluster.example", "a", "team"))
                .isEqualTo("nobody");
        assertThat(issuedBy(callers, null, "shop", "none")).isEqualTo("shop");
    }

    private static String issuedBy(Callers callers, @Nullable String issuer, String subject, String group) {
        return callers.find(new CallerClaims(issuer, subject, Set.of(group), Set.of()))
                .map(Caller::name)
                .orElse("nobody");
    }

    /** It would be believed by its name alone. */
    @Test
    void refusesFurtherIssuersWhereNobodyVerifiesThem() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.service", "false",
                        "tokenkeep.issuers.entra.issuer", "https://entra.example")))
                .hasMessageContaining("tokenkeep.issuers: an application that uses the jar verifies");
    }

    @Test
    void refusesATokenEndpointInAnApplication() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.service", "false",
                        "tokenkeep.exchange.issuer", "https://tokens.example")))
                .hasMessageContaining("tokenkeep.exchange: an application that uses the jar has no token endpoint");
    }

    @Test
    void refusesAnIssuerThatNobodyKnows() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.a.issuer", "entar",
                        "tokenkeep.callers.a.subject", "a",
                        "tokenkeep.callers.a.permissions", "tokens:read")))
                .hasMessageContaining("tokenkeep.callers.a.issuer: there is no issuer entar");
    }

    @Test
    void usesTheSessionsThatItIsGranted() {
        Callers callers = callers(Map.of(
                "tokenkeep.callers.shop.subject", "shop",
                "tokenkeep.callers.shop.permissions", "tokens:read",
                "tokenkeep.callers.shop.sessions-of", "ok"));
        assertThat(callers.find(subject("shop")).orElseThrow().owners()).containsExactlyInAnyOrder("shop", "ok");
        assertThat(callers.find(subject("ok")).orElseThrow().owners()).containsExactly("ok");
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.shop.subject", "shop",
                        "tokenkeep.callers.shop.group", "shops",
                        "tokenkeep.callers.shop.permissions", "tokens:read",
                        "tokenkeep.callers.shop.sessions-of", "nobody")))
                .hasMessageContaining("tokenkeep.callers.shop.sessions-of: there is no caller nobody")
                .hasMessageContaining("tokenkeep.callers.shop: needs one of");
    }

    private static CallerClaims subject(@Nullable String subject) {
        return new CallerClaims(null, subject, Set.of(), Set.of());
    }

    private static Callers callers(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.putIfAbsent("tokenkeep.service", "true");
        all.putIfAbsent("tokenkeep.callers.ok.subject", "ok");
        all.putIfAbsent("tokenkeep.callers.ok.permissions", "sessions:admin");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withMapping(IssuersConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        return new Callers(
                config.getConfigMapping(CallersConfig.class),
                config.getConfigMapping(IssuersConfig.class),
                TestClientRegistrations.fixed(Map.of()),
                config);
    }
}
