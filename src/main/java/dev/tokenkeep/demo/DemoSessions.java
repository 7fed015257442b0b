package dev.tokenkeep.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionQuery;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The demonstration's three sessions. */
@Singleton
@IfBuildProfile("dev")
class DemoSessions {

    /** The application itself, whose sessions the demonstration's caller shares by its name. */
    static final String OWNER = "application";

    private static final List<String> SUBJECTS = List.of("alice", "bob", "carol");
    private static final int SHOWN = 50;

    private final SessionService sessions;
    private final DemoGrants grants;

    DemoSessions(SessionService sessions, DemoGrants grants) {
        this.sessions = sessions;
        this.grants = grants;
    }

    /** Registers the sessions that are missing or no longer active. */
    void register() {
        for (String subject : SUBJECTS) {
            boolean kept = !sessions.page(new SessionQuery(Set.of(OWNER), null, subject, SessionStatus.ACTIVE, 1, null))
                    .items()
                    .isEmpty();
            if (!kept) {
                ObjectNode tokens = grants.signIn();
                sessions.register("demo", subject, OWNER, RegisteredTokens.read(tokens));
            }
        }
    }

    /** Returns the sessions in the order of their registration. */
    List<Session> all() {
        return sessions.page(new SessionQuery(Set.of(OWNER), null, null, null, SHOWN, null)).items().stream()
                .sorted(Comparator.comparing(session -> session.times().createdAt()))
                .toList();
    }
}
