package dev.tokenkeep.replicas;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The classes of the packaged application as the JVM has them in memory (JEP 350): made once by a start of it, then mapped by
 * every further process instead of loaded and verified again. A JVM that can't use it does without. Tests that run in several
 * JVMs share it.
 */
final class ClassArchive {

    private static final String FILE = System.getProperty("tokenkeep.it.class-archive", "");

    private ClassArchive() {}

    private static final class Made {
        static final List<String> OPTIONS = List.of("-XX:SharedArchiveFile=" + make());

        private static Path make() {
            // One for each JVM: an archive can be read only by the one that wrote it.
            Path file = Path.of(FILE + "."
                            + Integer.toHexString(PackagedApplication.java().hashCode()))
                    .toAbsolutePath();
            try (var lock = FileChannel.open(Path.of(file + ".lock"), CREATE, WRITE)) {
                lock.lock();
                if (!isOfThisBuild(file)) {
                    train(file);
                }
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static boolean isOfThisBuild(Path file) throws IOException {
            return Files.exists(file)
                    && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(PackagedApplication.jar()))
                            > 0;
        }

        private static void train(Path file) {
            Map<String, String> environment =
                    PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
            String token = CallerKeys.token("sub-it");
            try (var server = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofMinutes(5))) {
                Environments.registration(environment, server);
                List<String> options = List.of("-Xmx512m", "-XX:ArchiveClassesAtExit=" + file);
                try (var training = PackagedApplication.launchAs(options, environment, () -> token)) {
                    training.awaitReady();
                    training.accessToken(training.register(
                            "test", "user", server.issue("user").refreshTokenOnly()));
                    training.terminate();
                    if (training.awaitExit() != 0 || !Files.exists(file)) {
                        throw new IllegalStateException("No archive of classes was made:\n" + training.log());
                    }
                }
            }
        }
    }

    /** Of a JVM that is to use it. */
    static List<String> options() {
        return FILE.isBlank() ? List.of() : Made.OPTIONS;
    }
}
