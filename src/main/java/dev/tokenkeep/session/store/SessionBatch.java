package dev.tokenkeep.session.store;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.RegistrationResult.Existing;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Stored;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import dev.tokenkeep.session.store.NewRows.Place;
import dev.tokenkeep.session.store.SessionRows.Moment;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.hibernate.exception.ConstraintViolationException;

/** Stores many new sessions of one registration, in one transaction if possible. */
@ApplicationScoped
public class SessionBatch {

    private final SessionRows rows;
    private final NewRows newRows;
    private final Fingerprints fingerprints;
    private final SessionStore store;

    SessionBatch(SessionRows rows, NewRows newRows, Fingerprints fingerprints, SessionStore store) {
        this.rows = rows;
        this.newRows = newRows;
        this.fingerprints = fingerprints;
        this.store = store;
    }

    /**
     * A session to store.
     *
     * @param tokensAt creates the tokens for the database's present time
     */
    public record Entry(String subject, Function<Instant, TokenSet> tokensAt) {}

    private record Candidate(int position, Place place, TokenSet tokens, byte[] fingerprint) {

        ByteBuffer key() {
            return ByteBuffer.wrap(fingerprint);
        }
    }

    /**
     * Stores the sessions whose refresh tokens are not stored yet. Blocks.
     *
     * @return a result for each entry, in their order
     */
    @AsksDatabase
    public List<RegistrationResult> register(String registration, String owningCaller, List<Entry> entries) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> stored(registration, owningCaller, entries));
        } catch (ConstraintViolationException e) {
            // Another call stored one of them meanwhile, and nothing is stored here. One by one, each finds its result.
            return entries.stream()
                    .map(one -> store.register(registration, one.subject(), owningCaller, one.tokensAt(), result -> {}))
                    .toList();
        }
    }

    private List<RegistrationResult> stored(String registration, String owningCaller, List<Entry> entries) {
        Moment moment = rows.moment(registration);
        List<Candidate> candidates = IntStream.range(0, entries.size())
                .mapToObj(position -> candidate(position, registration, owningCaller, entries.get(position), moment))
                // In one order, so that no two transactions wait for each other.
                .sorted(Comparator.comparing(Candidate::fingerprint, Arrays::compareUnsigned))
                .toList();
        Map<ByteBuffer, SessionRow> kept = rows.keeping(
                registration,
                moment.sameClient(),
                candidates.stream().map(Candidate::fingerprint).toList());
        var results = new RegistrationResult[entries.size()];
        candidates.forEach(candidate -> results[candidate.position()] = result(candidate, kept, moment.now()));
        rows.writeInBatches(entries.size());
        rows.flush();
        return List.of(results);
    }

    private Candidate candidate(int position, String registration, String owningCaller, Entry entry, Moment moment) {
        TokenSet tokens = entry.tokensAt().apply(moment.now());
        return new Candidate(
                position,
                new Place(registration, entry.subject(), owningCaller),
                tokens,
                fingerprints.of(tokens.refresh().token()));
    }

    private RegistrationResult result(Candidate candidate, Map<ByteBuffer, SessionRow> kept, Instant now) {
        SessionRow row = kept.get(candidate.key());
        if (row != null) {
            KeptElsewhere elsewhere = candidate.place().elsewhere(row);
            return elsewhere == null
                    ? new Existing(newRows.again(row, candidate.tokens(), candidate.fingerprint(), now)
                            .view())
                    : elsewhere;
        }
        SessionRow added = newRows.add(candidate.place(), candidate.tokens(), candidate.fingerprint(), now);
        kept.put(candidate.key(), added);
        return new Stored(added.view());
    }
}
