package dev.tokenkeep.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

/** The images' descriptions, held against what the build leaves and what the JVM knows; they are built elsewhere. */
class ImagesIT {

    private static final Path DOCKER = Path.of("src/main/docker");
    private static final String CACHE = "-XX:AOTCache=tokenkeep.aot";

    @TempDir
    Path empty;

    private record Instruction(String name, String rest) {}

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void runsAsAUserWithoutRightsOnTheServicesPorts(String file) throws IOException {
        List<Instruction> last = lastStage(file);
        assertThat(rests(last, "USER")).containsExactly("10001:10001");
        assertThat(rests(last, "EXPOSE")).containsExactly("8080 9000");
        assertThat(rests(last, "ENTRYPOINT")).hasSize(1).allMatch(rest -> rest.startsWith("["));
        // Owned by root, so that the service can't change itself.
        assertThat(rests(last, "COPY")).isNotEmpty().allMatch(rest -> rest.contains("--chown=0:0"));
    }

    /** A tag that moves would be another image tomorrow. */
    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
    void standsOnBasesThatDoNotMove(String file) throws IOException {
        var stages = new ArrayList<String>();
        for (String from : rests(instructions(file), "FROM")) {
            String[] words = from.split(" ");
            assertThat(words[0]).matches("[a-z.]+/[a-z0-9/-]+:[0-9]+\\.[0-9]\\S*");
            stages.add(words[words.length - 1]);
        }
        assertThat(stages).isNotEmpty();
    }

    @Test
    void copiesWhatTheBuildLeaves() throws IOException {
        assertThat(sources("Dockerfile.jvm")).containsExactly("target/quarkus-app/");
        assertThat(sources("Dockerfile.native")).containsExactly("target/*-runner");
        for (Instruction copy : instructions("Dockerfile.jvm")) {
            Matcher built =
                    Pattern.compile("--from=build .* /deployments/(\\S+) ").matcher(copy.rest() + " ");
            if (copy.name().equals("COPY") && built.find() && !built.group(1).equals("tokenkeep.aot")) {
                assertThat(Path.of("target/quarkus-app", built.group(1))).exists();
            }
        }
        assertThat(Files.readAllLines(Path.of(".dockerignore")))
                .containsExactly("*", "!target/quarkus-app/", "!target/*-runner");
        assertThat(FileSystems.getDefault()
                        .getPathMatcher("glob:target/*-runner")
                        .matches(Path.of("target", "tokenkeep-1.0.0-SNAPSHOT-runner")))
                .isTrue();
    }

    /** All of the application, in the layers of the image. */
    @Test
    void copiesAllThatTheApplicationIsMadeOf() throws IOException {
        List<String> copies = rests(lastStage("Dockerfile.jvm"), "COPY");
        try (Stream<Path> parts = Files.list(Path.of("target/quarkus-app"))) {
            assertThat(parts.map(part -> part.getFileName().toString())
                            .filter(part -> !part.equals("quarkus-app-dependencies.txt")))
                    .hasSize(4)
                    .allSatisfy(part -> assertThat(copies).anyMatch(copy -> copy.contains(" /deployments/" + part)));
        }
    }

    @Test
    void theImageWithoutADaemonStartsTheSame() throws Exception {
        List<String> docker = entrypoint("Dockerfile.jvm");
        assertThat(docker).contains(CACHE);
        assertThat(pom("image", "entrypoint/arg"))
                .containsExactlyElementsOf(docker.stream()
                        .filter(argument -> !argument.equals(CACHE))
                        .map(argument -> argument.equals("/opt/java/bin/java") ? "java" : argument)
                        .toList());
        assertThat(pom("image", "user")).containsExactly("10001:10001");
        assertThat(pom("image", "port")).containsExactly("8080", "9000");
        List<String> executable = entrypoint("Dockerfile.native");
        assertThat(pom("native-image", "entrypoint/arg").subList(1, executable.size()))
                .isEqualTo(executable.subList(1, executable.size()));
    }

    /** Where a JDK 25 is installed. */
    @Test
    void givesTheJvmOptionsThatItKnows() throws Exception {
        Optional<Path> java = java25();
        assumeTrue(java.isPresent(), "no JDK 25");
        var command = new ArrayList<>(List.of(java.get().toString()));
        entrypoint("Dockerfile.jvm").stream()
                .filter(argument -> argument.startsWith("-XX:"))
                .forEach(command::add);
        command.add("-version");
        Path output = empty.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(empty.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).doesNotContain("Unrecognized", "deprecated");
    }

    /** Where one was made: {@code -Pimage}. */
    @Test
    void theImageWithoutADaemonHoldsTheApplicationAndNothingElseOfOurs() throws Exception {
        Path image = Path.of("target/tokenkeep-image.tar");
        assumeTrue(Files.exists(image), "no image");
        Map<String, byte[]> files = unpacked(Files.newInputStream(image));
        JsonNode manifest =
                new ObjectMapper().readTree(files.get("manifest.json")).get(0);
        JsonNode config = new ObjectMapper()
                .readTree(files.get(manifest.path("Config").asText()))
                .path("config");
        assertThat(config.path("User").asText()).isEqualTo("10001:10001");
        assertThat(config.path("WorkingDir").asText()).isEqualTo("/deployments");
        assertThat(config.path("ExposedPorts").fieldNames()).toIterable().containsExactly("8080/tcp", "9000/tcp");
        assertThat(config.path("Entrypoint")).extracting(JsonNode::asText).isEqualTo(pom("image", "entrypoint/arg"));
        assertThat(config.path("Labels")
                        .path("org.opencontainers.image.licenses")
                        .asText())
                .isEqualTo("Apache-2.0");
        var layers = new ArrayList<Set<String>>();
        for (JsonNode layer : manifest.path("Layers")) {
            layers.add(unpacked(new GZIPInputStream(new ByteArrayInputStream(files.get(layer.asText()))))
                    .keySet());
        }
        // The last four are ours.
        List<Set<String>> ours = layers.subList(layers.size() - 4, layers.size());
        assertThat(ours).allSatisfy(layer -> assertThat(layer).allMatch(name -> name.startsWith("deployments/")));
        assertThat(ours.get(0)).anyMatch(name -> name.startsWith("deployments/lib/main/io.quarkus.quarkus-core-"));
        assertThat(ours.get(1)).contains("deployments/quarkus-run.jar");
        assertThat(ours.get(2)).contains("deployments/quarkus/quarkus-application.dat");
        assertThat(ours.get(3)).anyMatch(name -> name.startsWith("deployments/app/tokenkeep-"));
    }

    private static Map<String, byte[]> unpacked(InputStream archive) throws IOException {
        var files = new HashMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    files.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    private static Optional<Path> java25() throws IOException {
        var homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Path installed = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> found = Files.list(installed)) {
                found.forEach(homes::add);
            }
        }
        for (Path home : homes) {
            Path release = home.resolve("release");
            if (Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"25")) {
                return Optional.of(home.resolve("bin/java"));
            }
        }
        return Optional.empty();
    }

    private static List<String> entrypoint(String file) throws IOException {
        String json = rests(lastStage(file), "ENTRYPOINT").get(0);
        return Arrays.asList(new ObjectMapper().readValue(json, String[].class));
    }

    /** What comes from the build's folder. */
    private static List<String> sources(String file) throws IOException {
        return rests(instructions(file), "COPY").stream()
                .filter(copy -> !copy.contains("--from="))
                .flatMap(copy -> Arrays.stream(copy.split(" ")).filter(word -> word.startsWith("target/")))
                .toList();
    }

    private static List<Instruction> lastStage(String file) throws IOException {
        List<Instruction> all = instructions(file);
        int from = IntStream.range(0, all.size())
                .filter(i -> all.get(i).name().equals("FROM"))
                .max()
                .orElseThrow();
        return all.subList(from, all.size());
    }

    /** With the defaults of their arguments. */
    private static List<Instruction> instructions(String file) throws IOException {
        var instructions = new ArrayList<Instruction>();
        Map<String, String> defaults = new HashMap<>();
        for (String line : Files.readAllLines(DOCKER.resolve(file))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            String rest = parts[1];
            for (Map.Entry<String, String> argument : defaults.entrySet()) {
                rest = rest.replace("${" + argument.getKey() + "}", argument.getValue());
            }
            if (parts[0].equals("ARG")) {
                defaults.put(rest.split("=", 2)[0], rest.split("=", 2)[1]);
            }
            instructions.add(new Instruction(parts[0], rest));
        }
        return instructions;
    }

    private static List<String> rests(List<Instruction> instructions, String name) {
        return instructions.stream()
                .filter(instruction -> instruction.name().equals(name))
                .map(Instruction::rest)
                .toList();
    }

    /** Texts below {@code container} in the profile's configuration of Jib. */
    private static List<String> pom(String profile, String path) throws Exception {
        var pom = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("pom.xml").toFile());
        var found = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate("//profile[id='" + profile + "']//container//" + path, pom, XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toList();
    }
}
