package dev.tokenkeep.rest;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.TokenUnavailableException;
import dev.tokenkeep.TokenUnavailableException.Reason;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.ClientGrant;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationGoneException;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.rest.request.RequestBody;
import dev.tokenkeep.session.Session;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;

/** Finds the caller and its sessions. Another caller's session is answered exactly like one that does not exist. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class CallerSessions {

    private static final int MIN_ID_LENGTH = 16;
    private static final int MAX_ID_LENGTH = 64;
    private static final Duration UNCONFIGURED_RETRY_AFTER = Duration.ofMinutes(1);

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

    public Caller caller() {
        return Caller.of(identity);
    }

    /** @throws SessionNotFoundException if there is no such session, it is another caller's, or it cannot be an id */
    public Session require(String id) {
        Session found = sessions.find(checked(id)).orElseThrow(() -> new SessionNotFoundException(id));
        admit(found);
        return found;
    }

    /** @throws SessionNotFoundException if it cannot be a session's id */
    static String checked(String id) {
        if (!isId(id)) {
            throw new SessionNotFoundException("with this id");
        }
        return id;
    }

    /** @throws SessionNotFoundException if the session is not this caller's */
    void admit(Session session) {
        if (!caller().reaches(session)) {
            throw new SessionNotFoundException(session.id());
        }
        call.about(session);
    }

    /** Does the same as {@link #require}, for new tokens. Only a configured registration can take them. */
    Session requireReplaceable(String id) {
        Session session = require(id);
        if (registrations.find(session.registration()).isEmpty()) {
            throw new TokenUnavailableException(id, Reason.REGISTRATION_MISSING, UNCONFIGURED_RETRY_AFTER);
        }
        return session;
    }

    /**
     * Whether this could be an id: 16 to 64 base64url characters. Every read calls this, so it uses no regular
     * expression.
     */
    static boolean isId(String id) {
        if (id.length() < MIN_ID_LENGTH || id.length() > MAX_ID_LENGTH) {
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

    /**
     * Returns the registration. Throws a problem if this caller may not have tokens asked for with this grant. The
     * registration must allow it, and be named for the caller as for sign-ins.
     */
    ClientRegistration grantable(String registration, ClientGrant grant) {
        ClientRegistration known = registrations.find(usable(registration)).orElseThrow(RegistrationGoneException::new);
        if (!known.requests().grants().contains(grant)) {
            throw Problem.of(ProblemType.FORBIDDEN, "This registration does not allow this grant.")
                    .thrown();
        }
        if (!caller().mayBegin(registration)) {
            throw Problem.of(ProblemType.FORBIDDEN, "This registration is not named for this caller.")
                    .thrown();
        }
        return known;
    }

    /**
     * Returns the registration's name. Throws a problem if there is no such registration or this caller may not use it.
     */
    public String usable(String registration) {
        if (registrations.find(registration).isEmpty()) {
            throw RequestBody.invalid(
                    "registration",
                    registrations
                            .template(RegistrationTemplate.base(registration))
                            .map(template -> "write it as " + template.pattern() + ", with values that are allowed.")
                            .orElse("there is no registration with this name."));
        }
        if (!caller().mayUse(registration)) {
            throw Problem.of(ProblemType.FORBIDDEN, "This caller may not use this registration.")
                    .thrown();
        }
        return registration;
    }

    /** Returns the same, and the names that the registration had before: its sessions may have any of them. */
    Set<String> usableWithFormer(String registration) {
        return registrations.withFormer(usable(registration));
    }
}
