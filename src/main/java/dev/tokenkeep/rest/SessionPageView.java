package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.session.SessionPage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of the caller's sessions. */
@RegisterForReflection
@Schema(name = "SessionPage", description = "A page of sessions, sorted by id")
record SessionPageView(
        @JsonProperty("items") @Schema(required = true) List<SessionView> items,

        @JsonProperty("next")
        @Schema(description = "The value of `after` for the next page; absent on the last page")
        @Nullable
        String next) {

    static SessionPageView of(SessionPage page) {
        return new SessionPageView(page.items().stream().map(SessionView::of).toList(), page.next());
    }
}
