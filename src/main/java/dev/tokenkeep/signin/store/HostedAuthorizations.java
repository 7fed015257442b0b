package dev.tokenkeep.signin.store;

import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.store.Authorization.Status;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Map;
import java.util.Optional;

/** Finds and changes sign-ins for the browsers that come to the hosted callback. Each method in its own transaction. */
@ApplicationScoped
public class HostedAuthorizations {

    private final AuthorizationRows rows;
    private final AuthorizationEncryption encryption;

    HostedAuthorizations(AuthorizationRows rows, AuthorizationEncryption encryption) {
        this.rows = rows;
        this.encryption = encryption;
    }

    /**
     * A sign-in that a browser may begin.
     *
     * @param parameters what its caller adds to the authorization request
     * @param openedTooOften whether no browser may open it any more
     */
    public record Ticketed(Authorization authorization, Map<String, String> parameters, boolean openedTooOften) {}

    /** Finds a pending sign-in by its ticket, and counts that it was opened. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Ticketed> opened(Secret ticket) {
        return pending("ticketHash", ticket)
                .filter(row -> row.status == Status.PENDING)
                .map(row -> new Ticketed(
                        row.view(rows.now()), Parameters.read(row.parameters), !rows.countOpening(row.id)));
    }

    /** Finds a sign-in that has not ended by its state. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Authorization> byState(Secret state) {
        return pending("stateHash", state).map(row -> row.view(rows.now()));
    }

    private Optional<AuthorizationRow> pending(String hash, Secret secret) {
        return rows.find(hash + " = ?1 and endedAt is null and returnUri is not null", (Object) encryption.hash(secret))
                .firstResultOptional()
                .map(rows::settled)
                .filter(row -> row.endedAt == null);
    }

    /**
     * Binds a sign-in to a browser, with new secrets. A browser that was bound before can no longer come back. Returns
     * whether it is still pending.
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean bind(String id, Secrets secrets, Secret browser) {
        AuthorizationRow row = rows.locked(id);
        row.settle(rows.now());
        if (row.status != Status.PENDING) {
            return false;
        }
        encryption.seal(row, secrets);
        row.error = null;
        row.browserHash = encryption.hash(browser);
        return true;
    }

    /** Returns whether this browser began the sign-in. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean isBrowser(String id, Secret browser) {
        return rows.read(id)
                .filter(row -> encryption.isOf(row.browserHash, browser))
                .isPresent();
    }

    /**
     * Keeps the code, unspent, until the caller confirms. If the same code comes again, the confirmation is replaced: the
     * browser may not have got the first one. Returns whether it is kept.
     *
     * @param state what the code came with. The sign-in may have been opened again since it was looked at, and then the
     *     code does not fit its verifier
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean keep(String id, Secret state, Secret code, Secret confirmation) {
        AuthorizationRow row = rows.locked(id);
        row.settle(rows.now());
        if (row.endedAt != null || row.codeHash != null || !encryption.isOf(row.stateHash, state)) {
            return false;
        }
        if (row.status == Status.AWAITING_CONFIRMATION && !encryption.code(row).equals(code)) {
            return false;
        }
        row.returned(encryption.sealedWith(row, code), encryption.hash(confirmation));
        return true;
    }

    /** Returns whether this confirms the sign-in, also after it has ended. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public boolean isConfirmation(String id, Secret confirmation) {
        return rows.read(id)
                .filter(row -> encryption.isOf(row.confirmationHash, confirmation))
                .isPresent();
    }

    /** Returns the code that waits for its confirmation; empty if the sign-in has ended. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Secret> code(String id) {
        return rows.read(id)
                .filter(row -> row.status == Status.AWAITING_CONFIRMATION)
                .map(encryption::code);
    }
}
