package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many sessions a call removed. */
@RegisterForReflection
@Schema(name = "Removed")
record RemovedView(
        @JsonProperty("removed") @Schema(required = true) int removed,

        @JsonProperty("complete")
        @Schema(
                required = true,
                description = "Whether all were removed; otherwise repeat the call, which ends after 30 seconds")
        boolean complete) {}
