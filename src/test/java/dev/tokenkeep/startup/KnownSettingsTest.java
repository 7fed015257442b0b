package dev.tokenkeep.startup;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.tokenkeep.settings.KnownSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is read, what is known, and what the documentation tells are the same settings. */
class KnownSettingsTest {

    /** Read one by one, and not by a mapping. */
    private static final Set<String> BY_THEMSELVES = Set.of(
            "tokenkeep.service",
            "tokenkeep.demo.jdbc-url",
            "tokenkeep.demo.directory",
            "tokenkeep.database.migrate-at-start",
            "tokenkeep.database.password-file");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| [^|]*\\| .*\\|$");
    /** Settings of Quarkus and MicroProfile, and what follows from the name before. */
    private static final Pattern ANOTHERS = Pattern.compile("^(quarkus\\.|mp\\.|\\.)");

    private static final Pattern HEADING = Pattern.compile("\\.\\*?$");

    private static final Pattern NAME = Pattern.compile("`([a-z.<>-]+)`");

    @Test
    void whatAMappingReadsIsKnownAndNothingElseIs() {
        var read = new TreeSet<>(BY_THEMSELVES);
        for (JavaClass mapping : new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("dev.tokenkeep").stream()
                        .filter(one -> one.isAnnotatedWith(ConfigMapping.class))
                        .toList()) {
            ConfigMappings.getProperties(ConfigClass.configClass(mapping.reflect())).keySet().stream()
                    .map(name -> name.replace("[*]", "").replace(".no-registrations.", ".registrations.*."))
                    .map(name -> name.replace("registrations.*.*.", "registrations.*."))
                    .forEach(read::add);
        }
        assertThat(new TreeSet<>(KnownSettings.all())).isEqualTo(read);
    }

    @Test
    void whatIsKnownIsDocumentedAndNothingElseIs() throws IOException {
        var told = new LinkedHashSet<String>();
        var ours = new LinkedHashSet<String>();
        String prefix = "";
        Matcher row = ROW.matcher(Files.readString(Path.of("src/docs/configuration.md")));
        while (row.find()) {
            List<String> names = NAME.matcher(row.group(1))
                    .results()
                    .map(name -> name.group(1).replaceAll("<[a-z]+>", "*"))
                    .toList();
            if (row.group(1).startsWith("**")) {
                prefix = names.get(0);
            }
            for (String name : names) {
                String whole = name.startsWith("tokenkeep.") ? name : prefix + name;
                told.add(whole);
                if (whole.startsWith("tokenkeep.")
                        && !ANOTHERS.matcher(name).find()
                        && !HEADING.matcher(whole).find()) {
                    ours.add(whole);
                }
            }
        }
        Set<String> missing = KnownSettings.all().stream()
                .filter(known -> !told.contains(known))
                .filter(known -> !known.equals("tokenkeep.service") && !known.startsWith("tokenkeep.demo."))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(missing).isEmpty();
        assertThat(KnownSettings.all()).containsAll(ours);
    }

    @Test
    void findsWhatWasMeant() {
        assertThat(nearest("tokenkeep.refrsh.margin")).isEqualTo("tokenkeep.refresh.margin");
        assertThat(nearest("tokenkeep.registration.b.issuer")).isEqualTo("tokenkeep.registrations.b.issuer");
        assertThat(nearest("tokenkeep.callers.shop.permision")).isEqualTo("tokenkeep.callers.shop.permissions");
        assertThat(nearest("tokenkeep.something.else.entirely")).isEmpty();
    }

    private static String nearest(String name) {
        return KnownSettings.nearest(Arrays.asList(name.split("\\."))).orElse("");
    }
}
