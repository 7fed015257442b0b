package dev.tokenkeep.replicas;

import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The classes of the packaged application as the JVM has them in memory (JEP 350): made once by a start of it, then mapped by
 * every further process instead of loaded and verified again. A JVM that can't use it does without.
 */
final class ClassArchive {

    private static final String FILE = System.getProperty("tokenkeep.it.class-archive", "");

    private ClassArchive() {}

    private static final class Made {
        static final List<String> OPTIONS = List.of("-XX:SharedArchiveFile=" + make());

        private static Path make() {
            Path file = Path.of(FILE).toAbsolutePath();
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
            return file;
        }
    }

    /** Of a JVM that is to use it. */
    static List<String> options() {
        return FILE.isBlank() ? List.of() : Made.OPTIONS;
    }
}
