package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** After all other tests: whatever they have made the application say is kept for the next version's {@link UpgradeTest}. */
class StatementsIT {

    @Test
    void whatThisVersionSaysToTheDatabaseIsKept() {
        int version = Statements.newestVersion();
        assertThat(Statements.of(version))
                .as("copy what is missing from %s to %s", Statements.RECORDED, Statements.file(version))
                .containsAll(Statements.recorded());
    }
}
