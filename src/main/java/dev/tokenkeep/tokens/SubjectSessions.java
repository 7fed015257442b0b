package dev.tokenkeep.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tokenkeep.database.DatabaseUnavailableException;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.store.SessionReads;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session that a subject has with a registration: the newest active one. What was found is remembered for a
 * second, so a newer session is seen after a second at the latest. While the database cannot be asked, what was found last
 * still counts; whether its token may be served is decided by its id.
 */
@Singleton
public class SubjectSessions {

    private static final Duration TRUSTED = Duration.ofSeconds(1);
    private static final int MOST = 100_000;

    private final SessionReads reads;
    private final ClientRegistrations registrations;
    private final Ticker ticker;
    private final Cache<Whose, Found> found;

    SubjectSessions(SessionReads reads, ClientRegistrations registrations, Ticker ticker) {
        this.reads = reads;
        this.registrations = registrations;
        this.ticker = ticker;
        this.found = Caffeine.newBuilder().maximumSize(MOST).build();
    }

    /**
     * Whose session is wanted.
     *
     * @param owners the callers whose sessions count
     */
    public record Whose(Set<String> owners, String registration, String subject) {

        /** Subjects may be personal data. */
        @Override
        public String toString() {
            return "[a session with " + registration + "]";
        }
    }

    private record Found(String id, long foundNanos) {}

    /** Returns the session's id if it was found a moment ago. Never blocks. */
    public @Nullable String remembered(Whose whose) {
        Found known = found.getIfPresent(whose);
        return known != null && ticker.nanos() - known.foundNanos() < TRUSTED.toNanos() ? known.id() : null;
    }

    /** Returns the session's id; empty if there is none. May block on the database. */
    public Optional<String> find(Whose whose) {
        String known = remembered(whose);
        return known == null ? findAgain(whose) : Optional.of(known);
    }

    /** Does the same as {@link #find}, when the session that was found has turned out to have ended. */
    public Optional<String> findAgain(Whose whose) {
        long nanos = ticker.nanos();
        Optional<String> id;
        try {
            id = reads.newest(whose.owners(), registrations.withFormer(whose.registration()), whose.subject());
        } catch (DatabaseUnavailableException e) {
            Found last = found.getIfPresent(whose);
            if (last == null) {
                throw e;
            }
            return Optional.of(last.id());
        }
        id.ifPresentOrElse(one -> found.put(whose, new Found(one, nanos)), () -> found.invalidate(whose));
        return id;
    }
}
