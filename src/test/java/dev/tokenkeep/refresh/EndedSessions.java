package dev.tokenkeep.refresh;

import dev.tokenkeep.SessionEnded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application's observer of sessions that ended. */
@ApplicationScoped
public class EndedSessions {

    private final List<SessionEnded> seen = new CopyOnWriteArrayList<>();

    void ended(@Observes SessionEnded event) {
        seen.add(event);
    }

    List<SessionEnded> of(String id) {
        return seen.stream().filter(event -> event.sessionId().equals(id)).toList();
    }
}
