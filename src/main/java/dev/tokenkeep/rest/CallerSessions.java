package dev.tokenkeep.rest;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.session.Session;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Who calls, and what is its own: another caller's session is not there, and is told so in the same words. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class CallerSessions {

    private static final int SHORTEST_ID = 16;
    private static final int LONGEST_ID = 64;
    private static final Duration UNCONFIGURED_AGAIN = Duration.ofMinutes(1);

    private final SecurityIdentity identity;
    private final SessionService sessions;
    private final ClientRegistrations registrations;
    private final CurrentCall call;

    CallerSessions(
            SecurityIdentity identity, SessionService sessions, ClientRegistrations registrations, CurrentCall call) {
        this.identity = identity;
        this.sessions = sessions;
        this.registrations = registrations;
        this.call = call;
    }

    Caller caller() {
        return Caller.of(identity);
    }

    /** @throws SessionNotFoundException also for an id that can't be one */
    Session require(String id) {
        Session found = sessions.find(checked(id)).orElseThrow(() -> new SessionNotFoundException(id));
        admit(found);
        return found;
    }

    /** @throws SessionNotFoundException unless it could be a session's id */
    static String checked(String id) {
        if (!isId(id)) {
            throw new SessionNotFoundException("of this id");
        }
        return id;
    }

    /** @throws SessionNotFoundException unless the session is this caller's */
    void admit(Session session) {
        if (!caller().reaches(session)) {
            throw new SessionNotFoundException(session.id());
        }
        call.about(session);
    }

    /** As {@link #require}, for new tokens, which only a configured registration can take. */
    Session requireReplaceable(String id) {
        Session session = require(id);
        if (registrations.find(session.registration()).isEmpty()) {
            throw new TokenUnavailableException(id, Reason.AUTHORIZATION_SERVER_UNAVAILABLE, UNCONFIGURED_AGAIN);
        }
        return session;
    }

    /** What every read asks first, so not by a regular expression: base64url, 16 to 64 of it. */
    static boolean isId(String id) {
        if (id.length() < SHORTEST_ID || id.length() > LONGEST_ID) {
            return false;
        }
        for (int at = 0; at < id.length(); at++) {
            char c = id.charAt(at);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** The registration's name; a problem if there is none of this name, or if it is not for this caller. */
    String usable(String registration) {
        if (registrations.find(registration).isEmpty()) {
            throw RequestBody.invalid("registration", "there is no registration of this name.");
        }
        if (!caller().mayUse(registration)) {
            throw Problem.of(ProblemType.FORBIDDEN, "This caller may not use this registration.")
                    .thrown();
        }
        return registration;
    }
}
