package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.registration.settings.EffectiveSetting.Source;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What operators are told of the settings of a registration. */
class EffectiveSettingsTest {

    private static List<EffectiveSetting> of(
            String registration, Map<String, String> properties, Map<String, String> environment) {
        var config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile("prod")
                .withSources(new PropertiesConfigSource(properties, "file", 100), new EnvConfigSource(environment, 300))
                .build();
        return new EffectiveSettings(config, Presets.ofTokenkeep()).of(registration);
    }

    private static EffectiveSetting set(String key, String value) {
        return new EffectiveSetting(key, value, Source.CONFIGURATION);
    }

    @Test
    void tellsWhatTheOperatorTheProviderAndNobodyHasSet() {
        assertThat(of(
                        "crm",
                        Map.of(
                                "tokenkeep.registrations.crm.provider", "dropbox",
                                "tokenkeep.registrations.crm.client-id", "tokenkeep",
                                "tokenkeep.registrations.crm.rotation", "strict",
                                "tokenkeep.registrations.other.client-id", "another"),
                        Map.of("TOKENKEEP_REGISTRATIONS_CRM_MAX_CONCURRENCY", "7")))
                .contains(
                        set("provider", "dropbox"),
                        set("client-id", "tokenkeep"),
                        set("rotation", "strict"),
                        set("max-concurrency", "7"),
                        new EffectiveSetting(
                                "token-endpoint", "https://api.dropboxapi.com/oauth2/token", Source.PROVIDER),
                        new EffectiveSetting("authorization-parameters.token_access_type", "offline", Source.PROVIDER),
                        new EffectiveSetting("dpop", "false", Source.DEFAULT))
                .noneMatch(setting -> "another".equals(setting.value()))
                .extracting(EffectiveSetting::key)
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain("issuer");
    }

    @Test
    void tellsTheSettingsOfEachTarget() {
        assertThat(of(
                        "crm",
                        Map.of(
                                "tokenkeep.registrations.crm.client-id", "tokenkeep",
                                "tokenkeep.registrations.crm.targets.graph.scope", "files.read",
                                "tokenkeep.registrations.crm.targets.mail.audience", "mail",
                                "tokenkeep.registrations.crm.targets.mail.via", "token_exchange"),
                        Map.of()))
                .contains(
                        set("targets.graph.scope", "files.read"),
                        new EffectiveSetting("targets.graph.via", "refresh", Source.DEFAULT),
                        set("targets.mail.audience", "mail"),
                        set("targets.mail.via", "token_exchange"))
                .extracting(EffectiveSetting::key)
                .noneMatch(key -> key.contains("*"));
    }

    @Test
    void hidesWhatMayBeASecret() {
        List<EffectiveSetting> settings = of(
                "crm",
                Map.of(
                        "tokenkeep.registrations.crm.client-secret", "canary",
                        "tokenkeep.registrations.crm.headers.X-Api-Key", "canary",
                        "tokenkeep.registrations.crm.parameters.api_key", "canary",
                        "tokenkeep.registrations.crm.proxy", "http://user:canary@proxy:3128",
                        "tokenkeep.registrations.crm.token-endpoint", " HTTPS://as.example/token?key=canary"),
                Map.of());

        assertThat(settings.toString()).doesNotContain("canary");
        assertThat(settings)
                .contains(
                        set("client-secret", null),
                        set("headers.X-Api-Key", null),
                        set("parameters.api_key", null),
                        set("proxy", null),
                        set("token-endpoint", " HTTPS://as.example/token?…"));
    }

    @Test
    void tellsListsThatAreWrittenOneByOne() {
        assertThat(of(
                        "crm",
                        Map.of(
                                "tokenkeep.registrations.crm.client-id", "a",
                                "tokenkeep.registrations.crm.caller-parameters[0]", "prompt",
                                "tokenkeep.registrations.crm.caller-parameters[1]", "login_hint"),
                        Map.of()))
                .contains(set("caller-parameters[0]", "prompt"), set("caller-parameters[1]", "login_hint"))
                .extracting(EffectiveSetting::key)
                .doesNotContain("caller-parameters");
    }

    @Test
    void tellsWhatCountsInThisProfile() {
        assertThat(of(
                        "crm",
                        Map.of(
                                "tokenkeep.registrations.crm.client-id", "all",
                                "%prod.tokenkeep.registrations.crm.client-id", "${the-client}",
                                "the-client", "production"),
                        Map.of()))
                .contains(set("client-id", "production"));
    }

    @Test
    void readsARegistrationThatOnlyTheEnvironmentHas() {
        assertThat(of("crm", Map.of(), Map.of("TOKENKEEP_REGISTRATIONS_CRM_CLIENT_ID", "tokenkeep")))
                .contains(set("client-id", "tokenkeep"));
    }

    @Test
    void readsARegistrationWhoseNameHasADot() {
        assertThat(of("a.b", Map.of("tokenkeep.registrations.\"a.b\".provider", "xero"), Map.of()))
                .contains(
                        set("provider", "xero"),
                        new EffectiveSetting("issuer", "https://identity.xero.com", Source.PROVIDER));
    }
}
