package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The optional body of a forced refresh. */
@Schema(name = "ForcedRefresh")
record ForcedRefresh(
        @JsonProperty("if_version")
        @Schema(
                implementation = long.class,
                minimum = "1",
                description = "The version of the access token that did not work. If the session already has a newer"
                        + " version, nothing is refreshed.")
        OptionalLong ifVersion) {

    private static final Set<String> MEMBERS = Set.of("if_version");

    static ForcedRefresh read(InputStream body) {
        return new ForcedRefresh(RequestBody.readOptional(body, MEMBERS)
                .map(members -> members.version("if_version"))
                .orElse(OptionalLong.empty()));
    }
}
