package dev.tokenkeep.rest.imports;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.session.Session;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of one line of an import. */
@RegisterForReflection
@Schema(name = "ImportedLine", description = "What became of one line. Members without a value are left out.")
record ImportedLine(
        @JsonProperty("line") @Schema(required = true, description = "The number of the line, from 1")
        long line,

        @JsonIgnore ImportResult outcome,

        @JsonProperty("id") @Schema(description = "The session's id; absent if the line was refused") @Nullable
        String id,

        @JsonProperty("problem") @Schema(description = "Why the line was refused (RFC 9457)") @Nullable
        Map<String, Object> problem) {

    static ImportedLine of(long line, ImportResult outcome, Session session) {
        return new ImportedLine(line, outcome, session.id(), null);
    }

    static ImportedLine refused(long line, Problem problem) {
        return new ImportedLine(line, ImportResult.REFUSED, null, problem.view());
    }

    @JsonProperty("result")
    @Schema(
            required = true,
            enumeration = {"registered", "known", "refused"},
            description = "registered: the session is new. known: the caller has registered this refresh token before."
                    + " refused: nothing was stored.")
    String result() {
        return outcome.label();
    }
}
