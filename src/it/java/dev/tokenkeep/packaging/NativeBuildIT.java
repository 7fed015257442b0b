package dev.tokenkeep.packaging;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.testing.GeneratedCaches;
import jakarta.persistence.Entity;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.IndexReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the builder of a native executable is given, and what of it would be in the image; the builder itself is not needed. */
class NativeBuildIT {

    private static final Path SOURCES = Path.of("target", "native-sources");
    private static final String CONFIG = "META-INF/native-image/";
    private static final String OURS = CONFIG + "dev.tokenkeep/tokenkeep/";
    private static final Pattern HISTOGRAM = Pattern.compile("(?m)^ *[0-9]+: +[0-9]+ +[0-9]+ +(\\S+)");

    /** What {@link StaticInit} has printed. */
    private static String initialised;

    @TempDir
    Path files;

    @BeforeAll
    static void initialise(@TempDir Path folder) throws Exception {
        initialised = staticInit(folder.resolve("static-init.txt"));
    }

    @Test
    void theBuilderIsToldToMakeItRunAnywhereAndToLeaveHeapDumpsOut() throws IOException {
        assertThat(arguments())
                .contains("-march=compatibility", "--no-fallback", "--enable-url-protocols=http,https")
                .noneMatch(argument -> argument.startsWith("--enable-monitoring"));
    }

    @Test
    void whateverBecomesJsonCanBeReflectedOn() throws IOException {
        var records = new TreeSet<String>();
        for (AnnotationInstance member : annotated(JsonProperty.class)) {
            records.add(declaring(member.target()));
        }
        Map<String, JsonNode> registered = reflection(CONFIG);
        assertThat(records).contains("dev.tokenkeep.rest.TokenView", "dev.tokenkeep.transit.TransitApi$Decrypted");
        assertThat(records).allSatisfy(name -> {
            assertThat(registered).containsKey(name);
            assertThat(registered.get(name).path("allDeclaredConstructors").asBoolean())
                    .isTrue();
            assertThat(registered.get(name).path("allDeclaredMethods").asBoolean())
                    .isTrue();
        });
    }

    @Test
    void everyEntityCanBeReflectedOn() throws IOException {
        var entities = annotated(Entity.class).stream()
                .map(entity -> entity.target().asClass().name().toString())
                .toList();
        assertThat(entities).hasSizeGreaterThan(1);
        assertThat(reflection(CONFIG).keySet()).containsAll(entities).contains("dev.tokenkeep.SessionStatus");
    }

    @Test
    void everyMigrationIsAResource() throws IOException {
        String resources = Files.readString(entry(CONFIG + "resource-config.json"));
        try (Stream<Path> migrations = Files.list(Path.of("src/main/resources/db/tokenkeep"))) {
            assertThat(migrations.toList())
                    .hasSizeGreaterThan(5)
                    .allSatisfy(migration -> assertThat(resources).contains("db/tokenkeep/" + migration.getFileName()));
        }
    }

    /** The files that have them are not among its resources: a JWT for another service must not do in it. */
    @Test
    void theExecutableHasTheServicesSettings() throws IOException {
        assertThat(Files.readString(entry("io/quarkus/runtime/generated/RunTimeConfigCustomizer.class"), ISO_8859_1))
                .contains("mp.jwt.verify.audiences", "tokenkeep.refresh.every");
    }

    /**
     * In the jar, so that an application that takes it can be native too. {@code TinkReflectionTest} tells what it is, and
     * Caffeine's is that of the caches that their own tests look into.
     */
    @Test
    void whatLibrariesReflectOnIsRegisteredAndThere() throws Exception {
        for (Map.Entry<String, JsonNode> type : reflection(OURS).entrySet()) {
            Class<?> found = Class.forName(type.getKey());
            for (JsonNode method : type.getValue().path("methods")) {
                assertThat(found.getDeclaredMethod(method.path("name").asText()))
                        .isNotNull();
            }
        }
        var registered = new TreeSet<>(GeneratedCaches.REGISTERED);
        registered.addAll(Set.of("com.google.protobuf.ExtensionRegistry", "sun.misc.Unsafe"));
        assertThat(reflection(OURS)).containsOnlyKeys(registered.toArray(String[]::new));
    }

    @Test
    void nothingIsInTheImageThatBelongsToOneProcess() {
        assertThat(initialised
                        .lines()
                        .filter(line -> line.startsWith("thread "))
                        .map(line -> line.substring("thread ".length())))
                .contains("main")
                .allMatch(name -> name.matches("main|Reference Handler|Finalizer|Common-Cleaner|Signal Dispatcher"
                        + "|Notification Thread|Attach Listener|Monitor Ctrl-Break|process reaper"
                        // Quarkus starts it anew in the executable.
                        + "|Reference Reaper #[0-9]+"));
        var heap = HISTOGRAM
                .matcher(initialised)
                .results()
                .map(line -> line.group(1))
                .toList();
        assertThat(heap).contains("io.quarkus.arc.impl.ArcContainerImpl", "dev.tokenkeep.crypto.TokenCipher_Bean");
        assertThat(heap)
                .filteredOn(name -> name.startsWith("dev.tokenkeep.crypto."))
                // Beans are described there, and none is made; a place that is the same for everybody may be.
                .allMatch(name -> name.matches(".*(_Bean|_Observer_.*|_ClientProxy|\\.AssociatedData)"));
        assertThat(heap)
                .doesNotContain(
                        "java.util.Random", "java.util.SplittableRandom", "javax.crypto.Cipher", "javax.crypto.Mac");
    }

    /** The arguments put off its initialisation: nothing that is done at build time may come to it. */
    @Test
    void tinkIsInitialisedInTheExecutable() throws Exception {
        var args = new Properties();
        try (InputStream properties = Files.newInputStream(entry(OURS + "native-image.properties"))) {
            args.load(properties);
        }
        assertThat(args.getProperty("Args"))
                .isEqualTo("--initialize-at-run-time=com.google.crypto.tink,com.google.protobuf");
        assertThat(initialised)
                .contains("Initializing 'dev/tokenkeep/crypto/KeyRing'")
                .doesNotContain("Initializing 'com/google/crypto/tink/", "Initializing 'com/google/protobuf/");
    }

    private static String staticInit(Path output) throws Exception {
        String runner = runner().getFileName().toString();
        var command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        arguments().stream()
                .filter(argument -> argument.startsWith("-J") && !argument.contains("org.graalvm.nativeimage"))
                .forEach(argument -> command.add(argument.substring("-J".length())));
        command.addAll(List.of(
                "-Xlog:class+init=info:stdout",
                "-Dorg.graalvm.nativeimage.imagecode=buildtime",
                "-cp",
                runner + File.pathSeparator + "lib/*" + File.pathSeparator
                        + Path.of("target", "test-classes").toAbsolutePath(),
                StaticInit.class.getName(),
                runner));
        Process process = new ProcessBuilder(command)
                .directory(SOURCES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String told = Files.readString(output);
        assertThat(process.exitValue()).as(told).isZero();
        return told;
    }

    private static List<String> arguments() throws IOException {
        return List.of(Files.readString(SOURCES.resolve("native-image.args")).split(" "));
    }

    private List<AnnotationInstance> annotated(Class<?> annotation) throws IOException {
        try (InputStream index = Files.newInputStream(entry("META-INF/jandex.idx"))) {
            return List.copyOf(new IndexReader(index).read().getAnnotations(annotation));
        }
    }

    private static String declaring(AnnotationTarget target) {
        return switch (target.kind()) {
            case FIELD -> target.asField().declaringClass().name().toString();
            case METHOD -> target.asMethod().declaringClass().name().toString();
            case METHOD_PARAMETER ->
                target.asMethodParameter().method().declaringClass().name().toString();
            case RECORD_COMPONENT ->
                target.asRecordComponent().declaringClass().name().toString();
            default -> throw new IllegalArgumentException(target.toString());
        };
    }

    private Map<String, JsonNode> reflection(String folder) throws IOException {
        var types = new HashMap<String, JsonNode>();
        new ObjectMapper()
                .readTree(entry(folder + "reflect-config.json").toFile())
                .forEach(type -> types.put(type.path("name").asText(), type));
        return types;
    }

    /** A file of the jar that the builder is given. */
    private Path entry(String name) throws IOException {
        Path file = files.resolve(name.replace('/', '_'));
        try (var jar = new JarFile(runner().toFile());
                InputStream content = jar.getInputStream(jar.getEntry(name))) {
            Files.write(file, content.readAllBytes());
        }
        return file;
    }

    private static Path runner() throws IOException {
        try (Stream<Path> found = Files.list(SOURCES)) {
            return found.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
