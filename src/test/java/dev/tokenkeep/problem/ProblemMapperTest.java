package dev.tokenkeep.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.ReauthenticationRequiredException;
import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import jakarta.persistence.PersistenceException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemMapperTest {

    @Test
    void tellsNothingOfWhatNobodyForesaw() {
        Problem problem = ProblemMapper.of(new IllegalStateException("rt-very-secret"), "readAccessToken");
        assertThat(problem.type()).isEqualTo(ProblemType.INTERNAL_ERROR);
        assertThat(json(problem)).doesNotContain("secret");
    }

    @Test
    void findsTheDatabaseBehindWhateverIsWrappedAroundIt() {
        var lost = new SQLException("rt-very-secret", "08006");
        for (Throwable failure : new Throwable[] {
            lost, new PersistenceException("x", lost), new IllegalStateException(new RuntimeException(lost)),
        }) {
            Problem problem = ProblemMapper.of(failure, "showSession");
            assertThat(problem.type()).isEqualTo(ProblemType.STORAGE_UNAVAILABLE);
            assertThat(problem.headers()).containsEntry("Retry-After", "1");
            assertThat(json(problem)).doesNotContain("secret");
        }
    }

    @Test
    void endsWithACauseThatIsItsOwn() {
        var first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat(ProblemMapper.of(first, "showSession").type()).isEqualTo(ProblemType.INTERNAL_ERROR);
    }

    @ParameterizedTest
    @CsvSource({"PT0.1S,1", "PT1S,1", "PT1.000000001S,2", "PT59.5S,60", "PT5M,300"})
    void roundsRetryAfterUp(Duration wait, String seconds) {
        var unavailable = new TokenUnavailableException("id", Reason.REGISTRATION_PAUSED, wait);
        assertThat(ProblemMapper.of(unavailable, "readAccessToken").headers()).containsEntry("Retry-After", seconds);
    }

    @Test
    void unwrapsWhatAStageFailedWith() {
        var dead = new CompletionException(
                new ReauthenticationRequiredException("an-id", "crm", "alice", "invalid_grant"));
        assertThat(json(ProblemMapper.of(dead, "readAccessToken")))
                .contains("\"type\":\"urn:tokenkeep:problem:reauthentication-required\"")
                .contains("\"status\":409")
                .contains("\"code\":\"invalid_grant\"")
                .contains("\"registration\":\"crm\",\"subject\":\"alice\",\"session\":\"an-id\"");
    }

    @Test
    void doesNotRepeatTheId() {
        assertThat(json(ProblemMapper.of(new SessionNotFoundException("an-id-of-somebody"), "showSession")))
                .isEqualTo(json(ProblemMapper.of(new SessionNotFoundException("another"), "showSession")));
    }

    private static String json(Problem problem) {
        return new String(problem.json(), StandardCharsets.UTF_8);
    }
}
