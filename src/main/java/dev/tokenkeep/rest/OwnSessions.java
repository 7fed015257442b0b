package dev.tokenkeep.rest;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.refresh.KeptSessions;
import dev.tokenkeep.session.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/** Sessions as their caller sees them: another's is not there, and is told so in the same words. */
@ApplicationScoped
class OwnSessions {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    private final KeptSessions sessions;

    OwnSessions(KeptSessions sessions) {
        this.sessions = sessions;
    }

    /** @throws SessionNotFoundException also for an id that can't be one */
    Session require(Caller caller, String id) {
        if (!ID.matcher(id).matches()) {
            throw new SessionNotFoundException("of this id");
        }
        return sessions.find(id).filter(caller::owns).orElseThrow(() -> new SessionNotFoundException(id));
    }
}
