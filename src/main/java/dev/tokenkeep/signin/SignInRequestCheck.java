package dev.tokenkeep.signin;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Flow;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Checks that a caller may begin the sign-in that it asks for. */
@Singleton
public class SignInRequestCheck {

    private final SessionService sessions;
    private final NewAuthorizations authorizations;

    SignInRequestCheck(SessionService sessions, NewAuthorizations authorizations) {
        this.sessions = sessions;
        this.authorizations = authorizations;
    }

    /**
     * Returns the session whose tokens are to be replaced; empty if it is to be a new one. Blocks on the database.
     *
     * @throws SignInException if the caller asked for something that it cannot have, or has begun too many sign-ins
     * @throws SessionNotFoundException if there is no such session, or it is another caller's
     */
    public Optional<Session> check(Asked asked, AllowedSignIns allowed) {
        if (asked.flow() == Flow.DEVICE_CODE) {
            requireNoAddress(asked);
        } else {
            requireAddress(asked, allowed);
        }
        authorizations.requireRoom(asked);
        return Optional.ofNullable(asked.replaces()).map(id -> replaceable(id, asked, allowed));
    }

    private static void requireNoAddress(Asked asked) {
        if (!asked.redirectUri().isEmpty() || asked.isHosted()) {
            throw SignInException.invalid(
                    asked.isHosted() ? "return_uri" : "redirect_uri",
                    "must be left out with device_code, because no browser comes back");
        }
    }

    private static void requireAddress(Asked asked, AllowedSignIns allowed) {
        if (asked.redirectUri().isEmpty() != asked.isHosted()) {
            throw SignInException.invalid("redirect_uri", "either this or return_uri is required");
        }
        if (asked.returnUri() != null) {
            require(
                    allowed.returnUris().allows(asked.returnUri()),
                    "return_uri",
                    "is not one of this caller's return-uris");
        } else {
            require(
                    allowed.redirectUris().allows(asked.redirectUri()),
                    "redirect_uri",
                    "is not one of this caller's redirect-uris");
        }
    }

    private Session replaceable(String id, Asked asked, AllowedSignIns allowed) {
        Session session =
                sessions.find(id).filter(allowed.sessions()).orElseThrow(() -> new SessionNotFoundException(id));
        require(session.registration().equals(asked.registration()), "session", "is a session of another registration");
        require(session.owner().subject().equals(asked.subject()), "session", "is a session of another subject");
        return session;
    }

    private static void require(boolean fulfilled, String member, String otherwise) {
        if (!fulfilled) {
            throw SignInException.invalid(member, otherwise);
        }
    }
}
