package dev.tokenkeep.rest.imports;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The last line of the response to an import. */
@RegisterForReflection
@Schema(
        name = "ImportEnd",
        description = "The last line of the response. If it is missing, the connection broke. An import that is not"
                + " complete can be begun again: what was registered is then known.")
record ImportEnd(
        @JsonProperty("end")
        @Schema(
                required = true,
                enumeration = {COMPLETE, FAILED, SHUTDOWN},
                description = "complete: every line was read. failed: `problem` says why the import ended early."
                        + " shutdown: this replica shuts down.")
        String end,

        @JsonProperty("registered") @Schema(required = true, description = "How many sessions are new")
        long registered,

        @JsonProperty("known") @Schema(required = true, description = "How many lines had been registered before")
        long known,

        @JsonProperty("refused") @Schema(required = true, description = "How many lines were refused")
        long refused,

        @JsonProperty("problem") @Schema(description = "Why the import ended early (RFC 9457)") @Nullable
        Map<String, Object> problem) {

    static final String COMPLETE = "complete";
    static final String FAILED = "failed";
    static final String SHUTDOWN = "shutdown";

    static ImportEnd of(String end, ImportTally tally, @Nullable Problem problem) {
        return new ImportEnd(
                end,
                tally.of(ImportResult.REGISTERED),
                tally.of(ImportResult.KNOWN),
                tally.of(ImportResult.REFUSED),
                problem == null ? null : problem.view());
    }
}
