package dev.tokenkeep.lifecycle;

import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.Renewal;
import dev.tokenkeep.session.store.SessionBatch;
import dev.tokenkeep.session.store.SessionBatch.Entry;
import jakarta.inject.Singleton;
import java.util.List;

/** Registers many sessions of another store at once. Blocks on the database. */
@Singleton
public class SessionImporter {

    private final UsedRegistrations registrations;
    private final GrantedTokens granted;
    private final SessionBatch batch;

    SessionImporter(UsedRegistrations registrations, GrantedTokens granted, SessionBatch batch) {
        this.registrations = registrations;
        this.granted = granted;
        this.batch = batch;
    }

    /**
     * A session to register.
     *
     * @param response has a refresh token or an access token
     */
    public record NewSession(String subject, TokenResponse response) {}

    /** @throws InvalidTokenResponse if a session of this registration cannot live on these tokens */
    public void check(String registration, TokenResponse response) {
        registrations.find(registration).checkForeign(response);
    }

    /**
     * Registers sessions as {@link SessionService#register} does.
     *
     * @return a result for each session, in their order
     */
    public List<RegistrationResult> register(String registration, String owningCaller, List<NewSession> imported) {
        ClientRegistration known = registrations.used(registrations.find(registration));
        return batch.register(
                registration,
                owningCaller,
                imported.stream().map(one -> entry(one, known)).toList());
    }

    private Entry entry(NewSession one, ClientRegistration known) {
        TokenResponse response = one.response();
        return new Entry(one.subject(), now -> granted.of(response, Renewal.of(response, null), known, now));
    }
}
