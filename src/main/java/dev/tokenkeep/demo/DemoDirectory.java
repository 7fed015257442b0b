package dev.tokenkeep.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the demonstration keeps its things, so that a restart finds them. */
final class DemoDirectory {

    private DemoDirectory() {}

    /** {@code .tokenkeep} in the project's folder, wherever dev mode runs. */
    static Path path() {
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                return folder.resolve(".tokenkeep");
            }
        }
        return here.resolve(".tokenkeep");
    }
}
