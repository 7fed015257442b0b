package dev.tokenkeep.lifecycle;

import dev.tokenkeep.SessionNotFoundException;
import dev.tokenkeep.oauth.IdTokenClaims;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.CdiEventPublisher;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationGoneException;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.SessionPage;
import dev.tokenkeep.session.SessionQuery;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.session.store.SessionStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers, replaces, finds and removes sessions for the HTTP API and the application's beans. Fires a CDI event when
 * a session is removed. All methods block on the database.
 */
@ApplicationScoped
public class SessionService {

    private static final int REMOVED_AT_ONCE = 100;

    private final SessionStore store;
    private final SessionReads reads;
    private final UsedRegistrations registrations;
    private final GrantedTokens granted;
    private final CdiEventPublisher events;

    SessionService(
            SessionStore store,
            SessionReads reads,
            UsedRegistrations registrations,
            GrantedTokens granted,
            CdiEventPublisher events) {
        this.store = store;
        this.reads = reads;
        this.registrations = registrations;
        this.granted = granted;
        this.events = events;
    }

    /**
     * Stores a session; {@code response} has a refresh token or an access token.
     *
     * @throws IllegalArgumentException if there is no such registration
     * @throws dev.tokenkeep.oauth.InvalidTokenResponse if its sessions need a refresh token
     */
    public RegistrationResult register(
            String registration, String subject, String owningCaller, TokenResponse response) {
        ClientRegistration known = registrations.find(registration);
        known.checkForeign(response);
        return register(known, subject, owningCaller, ReceivedTokens.now(response));
    }

    /**
     * Does the same as {@link #register(String, String, String, TokenResponse)} with tokens that were asked for here.
     *
     * @param known as it was when they were asked for
     * @throws RegistrationGoneException if it is not the same any more
     */
    public RegistrationResult register(
            ClientRegistration known, String subject, String owningCaller, ReceivedTokens tokens) {
        known.check(tokens.response());
        Renewal renewal = Renewal.of(tokens.response(), tokens.dpopKey());
        registrations.used(known);
        return store.register(
                known.name(),
                subject,
                owningCaller,
                now -> granted.of(tokens.response(), renewal, known, now.minus(tokens.age())),
                tokens.beside());
    }

    /**
     * Registers a session of the client itself. Its access token is asked for when it is first needed. A caller that
     * asks again for the same scope gets the same session.
     *
     * @param scope null for the scope that the authorization server gives by itself
     * @throws IllegalArgumentException if there is no such registration
     */
    public RegistrationResult registerClient(
            String registration, String subject, String owningCaller, @Nullable String scope) {
        ClientRegistration known = registrations.find(registration);
        registrations.used(known);
        return store.register(
                registration,
                subject,
                owningCaller,
                now -> granted.of(
                        TokenResponse.NONE, Renewal.clientCredentials(registration, owningCaller, scope), known, now),
                result -> {});
    }

    /**
     * Stores new tokens for an existing session; {@code response} has a refresh token or an access token.
     *
     * @throws SessionNotFoundException if there is none, or it was removed
     * @throws InvalidTokenResponse if the session would lose a good refresh token for an access token alone
     */
    public RegistrationResult replace(String sessionId, TokenResponse response) {
        Session session = find(sessionId).orElseThrow(() -> new SessionNotFoundException(sessionId));
        ClientRegistration known = registrations.find(session.registration());
        known.checkForeign(response);
        return replaced(sessionId, known, ReceivedTokens.now(response));
    }

    /**
     * Does the same as {@link #replace(String, TokenResponse)} with tokens that were asked for here.
     *
     * @param known the registration as it was when they were asked for
     * @throws RegistrationGoneException if it is not the same any more
     */
    public RegistrationResult replace(String sessionId, ClientRegistration known, ReceivedTokens tokens) {
        known.check(tokens.response());
        return replaced(sessionId, known, tokens);
    }

    private RegistrationResult replaced(String sessionId, ClientRegistration known, ReceivedTokens tokens) {
        Renewal renewal = Renewal.of(tokens.response(), tokens.dpopKey());
        return store.replace(
                sessionId,
                now -> granted.of(tokens.response(), renewal, known, now.minus(tokens.age())),
                known.refreshTokens().revokeReplaced(),
                tokens.beside());
    }

    /**
     * Returns whether the refresh token of a sign-in that came to nothing may be revoked. It may not if a session lives on
     * it, or if revoking it would end other sessions of the same user.
     */
    public boolean mayRevoke(ClientRegistration registration, Secret refreshToken) {
        return registration.refreshTokens().revokeReplaced() && !store.keeps(registration.name(), refreshToken);
    }

    /**
     * Returns the subject that the session's ID token names; empty if there is none.
     *
     * @throws dev.tokenkeep.crypto.UndecryptableException if the key of the session is missing. Without its subject, any
     *     user could take the session over
     */
    public Optional<String> subjectAtTheServer(String sessionId) {
        return Optional.ofNullable(reads.idToken(sessionId))
                .flatMap(IdTokenClaims::read)
                .map(IdTokenClaims::subject);
    }

    /**
     * Finds a session; empty if there is none or it was removed. Does not check who owns it; that is left to the
     * calling code.
     */
    public Optional<Session> find(String sessionId) {
        return store.find(sessionId);
    }

    public SessionPage page(SessionQuery query) {
        return reads.page(query);
    }

    /** Removes a session and returns it; empty if there was none. */
    public Optional<Session> remove(String sessionId) {
        Optional<Session> removed = store.remove(sessionId);
        removed.ifPresent(events::removed);
        return removed;
    }

    /**
     * The sessions that were removed.
     *
     * @param complete whether there are no others
     */
    public record Removed(int count, boolean complete) {}

    /**
     * Removes the sessions that match {@code query}, ignoring its limit and after.
     *
     * @param over whether to end before all are removed
     */
    public Removed removeAll(SessionQuery query, BooleanSupplier over) {
        int removed = 0;
        SessionPage page;
        do {
            page = page(new SessionQuery(
                    query.owningCallers(),
                    query.registrations(),
                    query.subject(),
                    query.status(),
                    REMOVED_AT_ONCE,
                    null));
            for (Session session : page.items()) {
                removed += remove(session.id()).isPresent() ? 1 : 0;
            }
        } while (page.next() != null && !over.getAsBoolean());
        return new Removed(removed, page.next() == null);
    }
}
