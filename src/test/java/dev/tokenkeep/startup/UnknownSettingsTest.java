package dev.tokenkeep.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody knows is refused, and what somebody else has set is not. */
class UnknownSettingsTest {

    private static void check(Map<String, String> properties, Map<String, String> environment) {
        UnknownSettings.violations(List.of(
                        new PropertiesConfigSource(properties, "file", 100), new EnvConfigSource(environment, 300)))
                .throwIfAny();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokenkeep.refresh.margin",
                "%prod.tokenkeep.refresh.margin",
                "%a,b.tokenkeep.refresh.margin",
                "tokenkeep.registrations.my-auth0.client-id",
                "tokenkeep.registrations.\"my.auth0\".client-id",
                "tokenkeep.registrations.a.parameters.audience",
                "tokenkeep.registrations.a.headers.\"x.y\"",
                "tokenkeep.registrations.a.parameters.with.dots",
                "tokenkeep.callers.a.permissions[0]",
                "tokenkeep.issuers.a.jwks",
                "tokenkeeper.refrsh.margin",
                "quarkus.tokenkeep.x"
            })
    void takesWhatIsKnownAndWhatIsNotOurs(String name) {
        assertThatCode(() -> check(Map.of(name, "x"), Map.of())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "tokenkeep.refrsh.margin, tokenkeep.refresh.margin",
        "%prod.tokenkeep.refresh.margn, tokenkeep.refresh.margin",
        "tokenkeep.registration.b.issuer, tokenkeep.registrations.b.issuer",
        "tokenkeep.registrations.b.isuer, tokenkeep.registrations.b.issuer",
        "tokenkeep.registrations.b, ''",
        "tokenkeep.registrations.b.parameters, ''",
        "tokenkeep.refresh.margin.fraction, tokenkeep.refresh.margin-fraction",
        "tokenkeep.nothing.like.it, ''"
    })
    void refusesAnUnknownProperty(String name, String near) {
        assertThatThrownBy(() -> check(Map.of(name, "geheim"), Map.of()))
                .hasMessageContaining(name.replaceFirst("^%[a-z]+\\.", "") + ": there is no such setting")
                .hasMessageContaining(near)
                .hasMessageNotContaining("geheim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TOKENKEEP_REFRESH_MARGIN",
                "TOKENKEEP_REFRESH_MARGIN_FRACTION",
                "_PROD_TOKENKEEP_REFRESH_MARGIN",
                "_MY_PROFILE_TOKENKEEP_REFRESH_MARGIN",
                "TOKENKEEP_REGISTRATIONS_AUTH0_CLIENT_ID",
                "TOKENKEEP_REGISTRATIONS__MY_AUTH0__CLIENT_ID",
                "TOKENKEEP_REGISTRATIONS_AUTH0_PARAMETERS_AUDIENCE",
                "TOKENKEEP_REGISTRATIONS_AUTH0_HEADERS_X_Y_Z",
                "TOKENKEEP_REGISTRATIONS_KNOWN_ONE_CLIENT_SECRET_FILE",
                "TOKENKEEP_REGISTRATIONS_KNOWN_ONE_PARAMETERS_X",
                "TOKENKEEP_REGISTRATIONS_AUTH0_TARGETS_GRAPH_SCOPE",
                "TOKENKEEP_REGISTRATIONS_KNOWN_ONE_TARGETS_MY_MAIL_AUDIENCE",
                "TOKENKEEP_CALLERS_SHOP_SESSIONS_OF",
                "TOKENKEEP_SERVICE_HOST",
                "TOKENKEEP_SERVICE_PORT",
                "TOKENKEEP_SERVICE_PORT_HTTP",
                "TOKENKEEP_PORT",
                "TOKENKEEP_PORT_8080_TCP",
                "TOKENKEEP_PORT_8080_TCP_ADDR",
                "TOKENKEEP_MANAGEMENT_SERVICE_HOST",
                "TOKENKEEPER_X",
                "TOKENKEEP_DB_PASSWORD",
                "TOKENKEEP_VERSION",
                "TOKENKEEP_CALLERS_SHOP_PERMISSIONS_0_",
                "PATH"
            })
    void takesVariablesThatAreKnownOrOfKubernetesOrNotOurs(String name) {
        assertThatCode(() -> check(
                        Map.of(
                                "tokenkeep.registrations.known-one.client-id", "x",
                                "tokenkeep.registrations.known-one.targets.my-mail.scope", "x"),
                        Map.of(name, "x")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "TOKENKEEP_REFRESH_MARIGN, the nearest is TOKENKEEP_REFRESH_MARGIN",
        "_PROD_TOKENKEEP_REFRESH_MARIGN, the nearest is TOKENKEEP_REFRESH_MARGIN",
        "TOKENKEEP_REGISTRATIONS_AUTH0_ISUER, the nearest is TOKENKEEP_REGISTRATIONS_AUTH0_ISSUER",
        "TOKENKEEP_REGISTRATIONS_AUTH0_PARAMETERS_, there is no such setting",
        "TOKENKEEP_REGISTRATIONS_AUTH0_TARGETS_GRAPH_SCOP, there is no such setting",
        "TOKENKEEP_REGISTRATIONS_AUTH0_TARGETS_MY_MAIL_SCOPE, a name with an underscore",
        "TOKENKEEP_REGISTRATIONS_MY_AUTH0_ISSUER, a name with an underscore",
        "TOKENKEEP_CALLERS_MY_SHOP_SUBJECT, a name with an underscore",
        "TOKENKEEP_CALLERS_SHOP_NOTHING_LIKE_IT_AT_ALL, there is no such setting"
    })
    void refusesAnUnknownVariable(String name, String message) {
        assertThatThrownBy(() -> check(Map.of(), Map.of(name, "geheim")))
                .hasMessageContaining(name + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void namesAllOfThemAtOnce() {
        Map<String, String> some = List.of("a", "b", "c").stream()
                .collect(Collectors.toMap(name -> "tokenkeep." + name + ".x", name -> "x"));
        assertThatThrownBy(() -> check(some, Map.of("TOKENKEEP_REFRESH_X", "x")))
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .contains("tokenkeep.a.x", "tokenkeep.b.x", "TOKENKEEP_REFRESH_X"));
    }
}
