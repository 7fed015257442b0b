package dev.tokenkeep.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.AccessToken;
import dev.tokenkeep.refresh.RegistrationStates.RegistrationState;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionPage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answers' JSON, written out so that no setting of an application changes it. What is not there is left out. */
final class Views {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Views() {}

    static ObjectNode session(Session session) {
        ObjectNode view = JSON.createObjectNode()
                .put("id", session.id())
                .put("registration", session.registration())
                .put("subject", session.subject())
                .put("status", session.status().name());
        put(view, "scope", session.scope());
        put(view, "access_token_expires_at", session.accessTokenExpiresAt());
        put(view, "refresh_due_at", session.refreshDueAt());
        put(view, "refreshed_at", session.refreshedAt());
        put(view, "created_at", session.createdAt());
        view.put("version", session.version());
        Session.Failure failure = session.failure();
        if (failure != null) {
            ObjectNode why = view.putObject("failure").put("code", failure.code());
            put(why, "at", failure.at());
            why.put("attempts", failure.attempts());
        }
        return view;
    }

    static ObjectNode page(SessionPage page) {
        ObjectNode view = JSON.createObjectNode();
        ArrayNode items = view.putArray("items");
        page.items().forEach(session -> items.add(session(session)));
        put(view, "next", page.next());
        return view;
    }

    static ObjectNode token(AccessToken token) {
        ObjectNode view = JSON.createObjectNode()
                .put("access_token", token.value())
                .put("token_type", token.tokenType())
                .put("expires_in", token.expiresIn().toSeconds());
        put(view, "scope", token.scope());
        return view.put("version", token.version());
    }

    static ObjectNode registrations(List<RegistrationState> states) {
        ObjectNode view = JSON.createObjectNode();
        ArrayNode items = view.putArray("items");
        for (RegistrationState state : states) {
            ObjectNode item = items.addObject().put("name", state.name());
            put(item, "paused_until", state.pausedUntil());
            put(item, "pause_reason", state.pauseReason());
            item.put("breaker", state.breaker().name().toLowerCase(Locale.ROOT))
                    .put("permits_available", state.permitsAvailable());
            if (state.budgetRemaining() != null) {
                item.put("budget_remaining", state.budgetRemaining());
            }
        }
        return view;
    }

    static ObjectNode removed(int number) {
        return JSON.createObjectNode().put("removed", number);
    }

    private static void put(ObjectNode view, String name, @Nullable String value) {
        if (value != null) {
            view.put(name, value);
        }
    }

    private static void put(ObjectNode view, String name, @Nullable Instant value) {
        if (value != null) {
            view.put(name, value.truncatedTo(ChronoUnit.MILLIS).toString());
        }
    }
}
