package dev.tokenkeep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rules that {@code src/test/mutants} breaks are found where it looks for them, and so are the tests that notice. */
class MutantsTest {

    @Test
    void everyRuleAndItsTestIsFound() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process check = new ProcessBuilder(java, "src/test/mutants/Mutants.java", "--check")
                .redirectErrorStream(true)
                .start();
        String told = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(told).isZero();
    }
}
