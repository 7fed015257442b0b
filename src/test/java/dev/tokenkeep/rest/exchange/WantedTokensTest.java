package dev.tokenkeep.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.rest.exchange.WantedTokens.Wanted;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What audiences and resources mean, in whatever order they come. */
class WantedTokensTest {

    private static final Set<String> USABLE = Set.of("crm", "graph", "erp");

    private final WantedTokens wanted = new WantedTokens(TestClientRegistrations.fixed(Map.of(
            "crm",
            TestClientRegistrations.named(
                    "crm",
                    Map.of(
                            "targets.graph.resource", "https://graph.example",
                            "targets.mail.resource", "https://mail.example",
                            "targets.read.audience", "api",
                            "targets.write.audience", "api")),
            "graph",
            TestClientRegistrations.named("graph", Map.of()),
            "erp",
            TestClientRegistrations.named("erp", Map.of("targets.mail.resource", "https://mail.example")),
            "foreign",
            TestClientRegistrations.named("foreign", Map.of("targets.only.audience", "only-there")))));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "crm, -, crm, -",
                "graph, -, graph, -",
                "crm graph, -, crm, graph",
                "crm, https://graph.example, crm, graph",
                "crm, https://GRAPH.example:443/, crm, graph",
                "-, https://graph.example, crm, graph",
                "erp mail, -, erp, mail",
                "crm read api, -, crm, read",
                "crm graph, https://graph.example, crm, graph"
            })
    void meansOneThing(String audiences, String resource, String registration, String target) {
        for (List<String> ordered : orders(audiences)) {
            var request = request(ordered, resource);
            var meant = new Wanted(registration, target);
            assertThat(wanted.of(USABLE::contains, request)).isEqualTo(meant);
            assertThat(wanted.of(registration, request)).isEqualTo(meant);
        }
    }

    private static List<List<String>> orders(String audiences) {
        if (audiences == null) {
            return List.of(List.of());
        }
        var some = new java.util.ArrayList<>(List.of(audiences.split(" ")));
        var others = new java.util.ArrayList<>(some);
        Collections.reverse(others);
        return List.of(some, others);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "api, -",
                "crm api, -",
                "mail, -",
                "-, https://mail.example",
                "crm erp, -",
                "crm nothing, -",
                "nothing, -",
                "only-there, -",
                "foreign, -",
                "graph, https://graph.example",
                "crm graph, https://mail.example"
            })
    void choosesNothingWhereItIsNotClear(String audiences, String resource) {
        for (List<String> ordered : orders(audiences)) {
            assertThatThrownBy(() -> wanted.of(USABLE::contains, request(ordered, resource)))
                    .isInstanceOfSatisfying(
                            ExchangeError.Thrown.class,
                            thrown -> assertThat(thrown.error().code()).isEqualTo("invalid_target"));
        }
    }

    /** Of a session, as of a user. */
    @ParameterizedTest
    @ValueSource(strings = {"api", "erp", "nothing"})
    void choosesNothingOfASessionWhereItIsNotClear(String audience) {
        assertThatThrownBy(() -> wanted.of("crm", request(List.of(audience), null)))
                .hasMessage("invalid_target");
    }

    @Test
    void aUserNeedsAnAudience() {
        assertThatThrownBy(() -> wanted.of(USABLE::contains, request(List.of(), null)))
                .hasMessage("invalid_target");
    }

    private static ExchangeRequest request(List<String> audiences, String resource) {
        return new ExchangeRequest("token", false, audiences, resource == null ? List.of() : List.of(resource), null);
    }

    /** A session may have the name that its registration had before. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, https://mail.example, new, mail",
                "new, https://mail.example, new, mail",
                "old, https://mail.example, old, mail"
            })
    void aFormerNameMeansNoSecondRegistration(String audience, String resource, String registration, String target) {
        var settings = Map.of("targets.mail.resource", "https://mail.example");
        var renamed = new WantedTokens(TestClientRegistrations.fixed(
                Map.of(
                        "new", TestClientRegistrations.named("new", settings),
                        "old", TestClientRegistrations.named("old", settings)),
                Map.of("old", "new")));
        assertThat(renamed.of(
                        Set.of("new", "old")::contains,
                        request(audience == null ? List.of() : List.of(audience), resource)))
                .isEqualTo(new Wanted(registration, target));
        assertThat(renamed.of("old", request(List.of("new"), resource))).isEqualTo(new Wanted("old", target));
    }
}
