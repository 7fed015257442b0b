package dev.tokenkeep.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.ClientRegistrations;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every violation is told by its key, all of them at once. */
class CallersConfigTest {

    @Test
    void findsACallerByItsSubject() {
        Callers callers = callers(Map.of(
                "tokenkeep.callers.shop.subject", "system:serviceaccount:shop:web",
                "tokenkeep.callers.shop.permissions", "tokens:read,sessions:write"));
        Caller shop = callers.bySubject("system:serviceaccount:shop:web").orElseThrow();
        assertThat(shop.name()).isEqualTo("shop");
        assertThat(shop.permissions()).containsExactlyInAnyOrder(Permission.TOKENS_READ, Permission.SESSIONS_WRITE);
        assertThat(shop.mayUse("anything")).isTrue();
        assertThat(callers.bySubject("somebody")).isEmpty();
        assertThat(callers.bySubject(null)).isEmpty();
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
                .hasMessageContaining("tokenkeep.callers.a.subject: is missing")
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
                .hasMessageContaining("subject: is another caller's subject too");
    }

    @Test
    void refusesAnEmptyListOfRegistrationsWhichWouldMeanAll() {
        assertThatThrownBy(() -> callers(Map.of(
                        "tokenkeep.callers.a.subject", "a",
                        "tokenkeep.callers.a.permissions", "tokens:read",
                        "tokenkeep.callers.a.registrations", "")))
                .hasMessageContaining("tokenkeep.callers.a.registrations: is empty");
    }

    private static Callers callers(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.putIfAbsent("tokenkeep.callers.ok.subject", "ok");
        all.putIfAbsent("tokenkeep.callers.ok.permissions", "sessions:admin");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(CallersConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        return new Callers(config.getConfigMapping(CallersConfig.class), new ClientRegistrations(Map.of()), config);
    }
}
