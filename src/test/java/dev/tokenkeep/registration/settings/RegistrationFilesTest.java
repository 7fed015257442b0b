package dev.tokenkeep.registration.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.jose.ClientKeys;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Replaceable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationFilesTest {

    private static final String VALID =
            "token-endpoint=https://as.example/token\nclient-id=c\nclient-secret=s\nmax-concurrency=";

    @TempDir
    Path directory;

    private RegistrationFiles files;
    private final ClientRegistrations registrations =
            TestClientRegistrations.fixed(Map.of("configured", TestClientRegistrations.named("configured", Map.of())));
    private ConfigViolations violations = new ConfigViolations();
    private long written = 1;
    private long nanos;

    @BeforeEach
    void create() {
        files = new RegistrationFiles(
                () -> Optional.of(directory.toString()),
                new OperatorRegistrations(Presets.ofTokenkeep(), ClientKeys.ofDirectories(Clock.systemUTC()), () -> 0),
                () -> nanos);
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(written++));
    }

    private Map<String, Replaceable<ClientRegistration>> read() {
        violations = new ConfigViolations();
        return files.read(registrations, violations);
    }

    private int concurrency(String name) {
        return files.current().get(name).current().limits().maxConcurrency();
    }

    @Test
    void readsARegistrationFromEachFile() throws IOException {
        write("crm.properties", VALID + "7");
        write("shop.properties", VALID + "8");
        write("README.txt", "not a registration");
        assertThat(read()).containsOnlyKeys("crm", "shop");
        assertThat(violations.isEmpty()).isTrue();
        assertThat(concurrency("crm")).isEqualTo(7);
        assertThat(files.settings("crm").orElseThrow()).containsEntry("max-concurrency", "7");
        assertThat(files.settings("README")).isEmpty();
        assertThat(files.isChanged()).isFalse();
    }

    @Test
    void followsTheFiles() throws IOException {
        write("crm.properties", VALID + "7");
        write("shop.properties", VALID + "8");
        Replaceable<ClientRegistration> shop = read().get("shop");
        write("crm.properties", VALID + "9");
        write("new.properties", VALID + "1");
        assertThat(files.isChanged()).isTrue();
        assertThat(read()).containsOnlyKeys("crm", "shop", "new");
        assertThat(concurrency("crm")).isEqualTo(9);
        // What has not changed is the same, with what it has read of its own files.
        assertThat(files.current().get("shop")).isSameAs(shop);
        Files.delete(directory.resolve("crm.properties"));
        assertThat(files.isChanged()).isTrue();
        assertThat(read()).containsOnlyKeys("shop", "new");
    }

    @Test
    void anInvalidFileLeavesWhatWasAndNamesItself() throws IOException {
        write("crm.properties", VALID + "7");
        read();
        write("crm.properties", VALID + "many");
        write("shop.properties", "token-endpont=https://as.example/token\nclient-id=c");
        assertThat(read()).containsOnlyKeys("crm");
        assertThat(concurrency("crm")).isEqualTo(7);
        assertThat(violations.toString())
                .contains("tokenkeep.registrations.crm.max-concurrency: ", "crm.properties)")
                .contains("tokenkeep.registrations.shop.token-endpont: there is no such setting; the nearest is")
                .contains("token-endpoint (" + directory.resolve("shop.properties") + ")");
    }

    @Test
    void aNameOfTheConfigurationIsRefused() throws IOException {
        write("configured.properties", VALID + "7");
        assertThat(read()).isEmpty();
        assertThat(violations.toString()).contains("tokenkeep.registrations.configured: is in the configuration too");
    }

    @Test
    void aFileMayBeEmptyOrBrokenWithoutHarm() throws IOException {
        write("crm.properties", VALID + "7");
        read();
        write("crm.properties", "");
        assertThat(read()).containsOnlyKeys("crm");
        assertThat(violations.toString()).contains("client-id: is required");
        write("crm.properties", "client-id=\\u00zz");
        assertThat(read()).containsOnlyKeys("crm");
        assertThat(violations.toString()).contains("crm.properties");
    }

    /** A secret may be mounted after the registration that names it. */
    @Test
    void aFileThatNamesOneThatComesLaterIsReadAgain() throws IOException {
        Path elsewhere = Files.createTempDirectory("secrets").resolve("crm");
        write(
                "crm.properties",
                "token-endpoint=https://as.example/token\nclient-id=c\nclient-secret-file=" + elsewhere);
        assertThat(read()).isEmpty();
        assertThat(files.isChanged()).isFalse();
        Files.writeString(elsewhere, "geheim");
        nanos += Duration.ofSeconds(30).toNanos();
        assertThat(files.isChanged()).isTrue();
        assertThat(read()).containsOnlyKeys("crm");
        nanos += Duration.ofHours(1).toNanos();
        assertThat(files.isChanged()).isFalse();
    }

    @Test
    void aFileWithWhatNobodyExpectedKeepsNoOtherFromBeingRead() throws IOException {
        write("a.properties", VALID + "7\nparameters.a\"[b=x\nclient-secret-file=\\u0000");
        write("b.properties", VALID + "8");
        assertThat(read()).containsOnlyKeys("b");
        assertThat(violations.toString()).contains("a.properties)");
    }

    @Test
    void aDirectoryThatIsAwayLeavesWhatWas() throws IOException {
        write("crm.properties", VALID + "7");
        read();
        Files.delete(directory.resolve("crm.properties"));
        Files.delete(directory);
        assertThat(files.isChanged()).isTrue();
        assertThat(read()).containsOnlyKeys("crm");
        assertThat(violations.toString()).contains("tokenkeep.registration-files.directory: ");
    }
}
