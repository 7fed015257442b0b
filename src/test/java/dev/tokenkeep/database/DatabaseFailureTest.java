package dev.tokenkeep.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.testing.LogLines;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

class DatabaseFailureTest {

    private static final SQLException DEADLOCK = new SQLException("Key (subject)=(alice) is taken", "40P01");

    @Test
    void namesTheCauseAndNotWhatIsWrappedAroundIt() {
        assertThat(DatabaseFailure.name(new IllegalStateException(new RuntimeException(DEADLOCK))))
                .isEqualTo("java.sql.SQLException (SQLSTATE 40P01)");
    }

    @Test
    void namesWhatFailedAtTheCommit() {
        var rollback = new RollbackException("could not commit");
        rollback.addSuppressed(new RuntimeException(DEADLOCK));
        assertThat(DatabaseFailure.name(new RuntimeException(rollback)))
                .isEqualTo("java.sql.SQLException (SQLSTATE 40P01)");
    }

    @Test
    void namesTheTransactionManagersNumberWhereThatIsAllThereIs() {
        var rollback = new RollbackException("ARJUNA016102: The transaction is not active! Uid is 0:ffff7f000101");
        assertThat(DatabaseFailure.name(new RuntimeException(rollback)))
                .isEqualTo("jakarta.transaction.RollbackException (ARJUNA016102)");
    }

    @Test
    void endsWithACauseThatIsItsOwn() {
        var one = new IllegalStateException();
        var other = new IllegalArgumentException(one);
        one.initCause(other);
        assertThat(DatabaseFailure.name(one)).startsWith("java.lang.Illegal");
    }

    @Test
    void whatAJobCannotDoOnceTheProcessEndsIsNoFailure() {
        try (var log = LogLines.of("dev.tokenkeep.database")) {
            DatabaseFailure.ending(true);
            DatabaseFailure.log(Logger.getLogger(DatabaseFailure.class), DEADLOCK, "Cannot count %s", "sheep");
            assertThat(log.with("sheep")).isEmpty();
            DatabaseFailure.ending(false);
            DatabaseFailure.log(Logger.getLogger(DatabaseFailure.class), DEADLOCK, "Cannot count %s", "sheep");
            assertThat(log.with("sheep"))
                    .singleElement()
                    .asString()
                    .contains("Cannot count sheep")
                    .doesNotContain("alice");
        } finally {
            DatabaseFailure.ending(false);
        }
    }
}
