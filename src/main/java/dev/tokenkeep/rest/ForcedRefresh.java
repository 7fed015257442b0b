package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The optional body of a forced refresh. */
@Schema(name = "ForcedRefresh")
record ForcedRefresh(
        @JsonProperty("if_version")
        @Schema(
                implementation = long.class,
                minimum = "1",
                description = "The version of the access token that did not work. If there is already another one,"
                        + " nothing is refreshed.")
        OptionalLong ifVersion,

        @JsonProperty("target")
        @Schema(
                implementation = String.class,
                maxLength = Target.MAX_NAME_LENGTH,
                description = "The name of the target whose access token did not work; without it, the session's own")
        @Nullable
        String target) {

    private static final Set<String> MEMBERS = Set.of("if_version", "target");

    static ForcedRefresh read(InputStream body) {
        return RequestBody.readOptional(body, MEMBERS)
                .map(members -> new ForcedRefresh(
                        members.version("if_version"), members.textOrNull("target", Target.MAX_NAME_LENGTH)))
                .orElseGet(() -> new ForcedRefresh(OptionalLong.empty(), null));
    }
}
