package dev.tokenkeep.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of the demonstration's files, so that a restart finds them. */
final class DemoDirectory {

    private DemoDirectory() {}

    /** Returns {@code .tokenkeep} in the project's directory, wherever dev mode runs. A test has its own. */
    static Path path() {
        String elsewhere = System.getProperty("tokenkeep.demo.directory");
        if (elsewhere != null) {
            return Path.of(elsewhere);
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                return folder.resolve(".tokenkeep");
            }
        }
        return here.resolve(".tokenkeep");
    }
}
