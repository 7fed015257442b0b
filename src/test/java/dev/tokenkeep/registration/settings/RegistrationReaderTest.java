package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.http.TestAddresses;
import dev.tokenkeep.settings.ConfigViolations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistrationReaderTest {

    private static final Map<String, String> CLIENT = Map.of("client-id", "c", "client-secret", "s");

    @TempDir
    Path providers;

    private RegistrationReader.Read read(Map<String, String> more) {
        var violations = new ConfigViolations();
        var reader = new RegistrationReader(
                Presets.with(providers, violations), Clock.systemUTC(), TestAddresses.onlyPublic(), List.of());
        var settings = new HashMap<>(CLIENT);
        settings.putAll(more);
        return reader.read("acme", settings);
    }

    private void provider(String text) throws IOException {
        Files.writeString(
                providers.resolve("corp.properties"), "token-endpoint=https://as.corp.example/token\n" + text);
    }

    /** What is the operator's would be sent to the caller's own server. */
    @ParameterizedTest
    @CsvSource({
        "client-secret-file=/etc/secret, client-secret-file",
        "client-keys=/etc/keys, client-keys",
        "client-keys-transit=crm, client-keys-transit",
        "tls-configuration=internal, tls-configuration",
        "proxy=none, proxy",
    })
    void anOperatorsProviderLendsACallerNothingOfTheOperators(String setting, String key) throws IOException {
        provider(setting);
        assertThat(read(Map.of("provider", "corp")).violations().get("provider"))
                .contains("sets " + key);
    }

    @ParameterizedTest
    @CsvSource({"headers.x-api-key=geheim", "parameters.key=geheim", "client-secret=geheim"})
    void whatAnOperatorsProviderSendsGoesToItsOwnAddresses(String setting) throws IOException {
        provider(setting);
        assertThat(read(Map.of("provider", "corp")).violations()).isEmpty();
        assertThat(read(Map.of("provider", "corp", "token-endpoint", "https://evil.example/token"))
                        .violations())
                .containsOnlyKeys("token-endpoint");
        assertThat(read(Map.of("provider", "corp", "issuer", "https://evil.example"))
                        .violations())
                .containsOnlyKeys("issuer");
    }

    @Test
    void aProviderWithoutAnythingToSendMayHaveAnotherAddress() throws IOException {
        provider("rotation=none");
        assertThat(read(Map.of("provider", "corp", "token-endpoint", "https://own.example/token"))
                        .violations())
                .isEmpty();
    }

    /** Also after a new version of the preset: the sessions of the registration go on. */
    @Test
    void theDestinationIsWhatTheCallerHasSet() throws IOException {
        provider("rotation=none");
        String before = destination(Map.of("provider", "corp", "max-concurrency", "3"));
        provider("rotation=strict\nrevocation-endpoint=https://as.corp.example/revoke");
        assertThat(destination(Map.of("provider", "corp", "max-concurrency", "4")))
                .isEqualTo(before);
        assertThat(destination(Map.of("token-endpoint", "https://as.corp.example/token")))
                .isNotEqualTo(before);
        assertThat(destination(Map.of("provider", "corp", "client-id", "d"))).isNotEqualTo(before);
    }

    private String destination(Map<String, String> settings) {
        return read(settings).registration().server().origin().destination();
    }

    @Test
    void oneThatCannotBeReadDoesNotKeepTheOthersFromIt() {
        var reader =
                new RegistrationReader(Presets.ofTokenkeep(), Clock.systemUTC(), TestAddresses.onlyPublic(), List.of());
        var good = new HashMap<>(CLIENT);
        good.put("token-endpoint", "https://as.example/token");
        var bad = new HashMap<>(good);
        bad.put("parameters." + "a\"[b", "x");
        var read = reader.readAll(Map.of("good", good, "bad", bad));
        assertThat(read.get("good").registration()).isNotNull();
        assertThat(read).containsKey("bad");
    }
}
