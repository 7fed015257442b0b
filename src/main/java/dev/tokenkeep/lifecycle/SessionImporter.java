package dev.tokenkeep.lifecycle;

import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.refresh.RefreshMetrics;
import dev.tokenkeep.refresh.TokenSetFactory;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.store.SessionBatch;
import dev.tokenkeep.session.store.SessionBatch.Entry;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.hibernate.exception.ConstraintViolationException;

/** Registers many sessions of another store at once. Blocks on the database. */
@Singleton
public class SessionImporter {

    private final ClientRegistrations registrations;
    private final TokenSetFactory tokenSets;
    private final SessionBatch batch;
    private final SessionService sessions;
    private final RefreshMetrics metrics;

    SessionImporter(
            ClientRegistrations registrations,
            TokenSetFactory tokenSets,
            SessionBatch batch,
            SessionService sessions,
            RefreshMetrics metrics) {
        this.registrations = registrations;
        this.tokenSets = tokenSets;
        this.batch = batch;
        this.sessions = sessions;
        this.metrics = metrics;
    }

    /**
     * A session to register.
     *
     * @param response has a refresh token
     */
    public record NewSession(String subject, TokenResponse response) {}

    /**
     * Registers sessions as {@link SessionService#register} does, all in one transaction.
     *
     * @return a result for each session, in their order
     */
    public List<RegistrationResult> register(String registration, String owningCaller, List<NewSession> imported) {
        ClientRegistration known = registrations.find(registration).orElseThrow();
        metrics.of(known);
        try {
            return batch.register(
                    registration,
                    owningCaller,
                    imported.stream().map(one -> entry(one, known)).toList());
        } catch (ConstraintViolationException e) {
            // Another call stored one of them meanwhile. One by one, each finds its own result.
            var results = new ArrayList<RegistrationResult>();
            imported.forEach(
                    one -> results.add(sessions.register(registration, one.subject(), owningCaller, one.response())));
            return results;
        }
    }

    private Entry entry(NewSession one, ClientRegistration known) {
        TokenResponse response = one.response();
        return new Entry(
                one.subject(),
                now -> tokenSets.granted(response, Objects.requireNonNull(response.refreshToken()), known, now));
    }
}
