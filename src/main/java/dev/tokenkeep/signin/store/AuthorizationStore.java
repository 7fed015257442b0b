package dev.tokenkeep.signin.store;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Checks;
import dev.tokenkeep.signin.store.Authorization.Flow;
import dev.tokenkeep.signin.store.Authorization.Status;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores sign-ins from their beginning to their end. All methods block, each in its own transaction. */
@ApplicationScoped
public class AuthorizationStore {

    private final AuthorizationRows rows;
    private final AuthorizationEncryption encryption;

    AuthorizationStore(AuthorizationRows rows, AuthorizationEncryption encryption) {
        this.rows = rows;
        this.encryption = encryption;
    }

    /**
     * The secrets of a sign-in.
     *
     * @param state what the browser brings back
     * @param verifier of PKCE (RFC 7636 §4.1)
     * @param nonce what the ID token must have; null if no ID token is asked for
     * @param dpopKey what the tokens will be bound to; null for nothing
     */
    public record Secrets(
            Secret state,
            Secret verifier,
            @Nullable Secret nonce,
            @Nullable Secret dpopKey) {}

    /**
     * What a hosted callback needs besides.
     *
     * @param ticket what the browser begins with
     * @param parameters what the caller adds to the authorization request
     */
    public record Hosting(Secret ticket, Map<String, String> parameters) {}

    /** What the user signs in with. */
    public sealed interface Means {

        /** @param hosting null if the caller has its own callback */
        record Browser(Secrets secrets, @Nullable Hosting hosting) implements Means {}

        /**
         * @param dpopKey what the tokens will be bound to; null for nothing
         * @param interval how long to wait between two polls
         */
        record Device(Secret deviceCode, @Nullable Secret dpopKey, Duration interval) implements Means {}
    }

    /** A sign-in to store. */
    public record Beginning(String id, Asked asked, Checks checks, Means means) {}

    /**
     * The highest numbers of sign-ins that a caller may have begun and not ended.
     *
     * @param ofSubject for one subject
     */
    public record Limits(int ofCaller, int ofSubject) {}

    /** Stores a sign-in, unless its caller has begun too many. Returns whether it was stored. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean add(Beginning beginning, Duration lifetime, Limits limits) {
        Asked asked = beginning.asked();
        if (isFull(asked, limits)) {
            return false;
        }
        Instant now = rows.now();
        var row = new AuthorizationRow();
        row.id = beginning.id();
        row.status = Status.PENDING;
        row.asked(asked, beginning.checks());
        row.createdAt = now;
        row.expiresAt = now.plus(lifetime);
        if (beginning.means() instanceof Means.Device device) {
            encryption.seal(row, device);
            row.pollsAgain((int) device.interval().toSeconds(), now, device.interval());
        } else {
            seal(row, (Means.Browser) beginning.means());
        }
        rows.persist(row);
        return true;
    }

    /** Returns whether a caller may begin another sign-in, so that none asks the authorization server in vain. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean hasRoom(Asked asked, Limits limits) {
        return !isFull(asked, limits);
    }

    private boolean isFull(Asked asked, Limits limits) {
        return rows.pending(asked.caller(), asked.subject(), limits.ofSubject()) >= limits.ofSubject()
                || rows.pending(asked.caller(), null, limits.ofCaller()) >= limits.ofCaller();
    }

    private void seal(AuthorizationRow row, Means.Browser browser) {
        encryption.seal(row, browser.secrets());
        Hosting hosting = browser.hosting();
        if (hosting != null) {
            row.ticketHash = encryption.hash(hosting.ticket());
            row.parameters = Parameters.written(hosting.parameters());
        }
    }

    /** Returns a caller's sign-in; empty if there is none, or it is another's. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Authorization> find(String id, String caller) {
        return rows.read(id).filter(row -> row.caller.equals(caller)).map(row -> row.view(rows.now()));
    }

    /** Returns those of these sign-ins that no longer wait for the user. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Authorization> noLongerPending(Collection<String> ids) {
        Instant now = rows.now();
        return rows.list("id in ?1", ids).stream()
                .map(rows::settled)
                .filter(row -> row.status != Status.PENDING)
                .map(row -> row.view(now))
                .toList();
    }

    /** Returns whether this is the state of the sign-in (RFC 6749 §10.12). Compares in constant time. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean isState(String id, Secret state) {
        return rows.read(id)
                .filter(row -> encryption.isOf(row.stateHash, state))
                .isPresent();
    }

    /** A claimed sign-in, whose code nobody else sends. */
    public record Claimed(
            UUID attempt,
            Secret verifier,
            @Nullable Secret nonce,
            @Nullable Secret dpopKey) {}

    /**
     * Claims a sign-in to send its code. Returns empty if it has ended, or a code is being sent or was sent: no sign-in
     * sends two (CONFORMANCE H6).
     *
     * @param lease how long the exchange may take
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Claimed> claim(String id, Secret code, Duration lease) {
        AuthorizationRow row = rows.locked(id);
        Instant now = rows.now();
        row.settle(now);
        if (row.endedAt != null || row.codeHash != null) {
            return Optional.empty();
        }
        UUID attempt = UUID.randomUUID();
        var claimed = new Claimed(attempt, encryption.verifier(row), encryption.nonce(row), encryption.dpopKey(row));
        row.claimed(attempt, encryption.hash(code), now.plus(lease));
        return Optional.of(claimed);
    }

    /** Lets the code be sent again, since it was certainly not spent. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void release(String id, UUID attempt) {
        AuthorizationRow row = rows.lockedOrNull(id);
        if (row != null && row.endedAt == null && attempt.equals(row.attemptId)) {
            row.released();
        }
    }

    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void fail(String id, UUID attempt, String code) {
        failWithin(id, attempt, code);
    }

    /** Does the same as {@link #fail}, within the current transaction. */
    @AsksDatabase
    @Transactional(TxType.MANDATORY)
    public void failWithin(String id, UUID attempt, String code) {
        AuthorizationRow row = rows.lockedOrNull(id);
        if (row != null && isOwn(row, attempt)) {
            row.failed(code, rows.now());
        }
    }

    /** Ends the sign-in with its session, within the transaction that stores the session. Can be repeated. */
    @AsksDatabase
    @Transactional(TxType.MANDATORY)
    public void complete(String id, UUID attempt, String session) {
        AuthorizationRow row = rows.lockedOrNull(id);
        // A device code becomes tokens once, so whoever has them is right, even if another poll came after it.
        if (row != null && (row.flow == Flow.DEVICE_CODE ? row.status != Status.COMPLETED : isOwn(row, attempt))) {
            row.completed(session, rows.now());
        }
    }

    /** A response that comes after the lease is still good: nobody else can have sent the code. */
    private static boolean isOwn(AuthorizationRow row, UUID attempt) {
        return attempt.equals(row.attemptId) && row.status != Status.COMPLETED;
    }

    /** Records how the authorization server answered the browser. The sign-in stays usable (CONFORMANCE K21). */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void noteError(String id, String error) {
        AuthorizationRow row = rows.locked(id);
        row.settle(rows.now());
        if (row.endedAt == null) {
            row.error = error;
        }
    }
}
