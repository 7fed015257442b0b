package dev.tokenkeep.session.store;

import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Gives sessions to a registration that had another name. Their tokens are encrypted again, since the name is part of
 * their place. One that is being refreshed waits: whoever refreshes it knows it by its former name.
 */
@ApplicationScoped
public class SessionRenaming {

    private static final Logger LOG = Logger.getLogger(SessionRenaming.class);

    /** A refresh token that is registered under both names stays where it is: it has one session under each. */
    private static final String READ = """
            select * from tokenkeep_session s
            where registration = :former and key_id = any(:keys) and (lease_until is null or lease_until <= now())
            and not exists (select 1 from tokenkeep_session o
                            where o.registration = :name and o.registered_fingerprint = s.registered_fingerprint)
            and not exists (select 1 from tokenkeep_session o
                            where o.registration = :name and o.current_fingerprint = s.current_fingerprint)
            limit :limit for update skip locked""";

    private final EntityManager entityManager;
    private final SessionEncryption encryption;

    SessionRenaming(@PersistenceUnit("tokenkeep") EntityManager entityManager, SessionEncryption encryption) {
        this.entityManager = entityManager;
        this.encryption = encryption;
    }

    /** Gives up to {@code limit} sessions to {@code name}. Returns how many. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public int rename(String former, String name, int limit) {
        List<String> renamed = new ArrayList<>();
        for (SessionRow row : rows(former, name, limit)) {
            try {
                EncryptedTokens sealed = encryption.resealedFor(name, row);
                row.registration = name;
                row.sealed(sealed);
                renamed.add(row.id);
            } catch (UndecryptableException e) {
                LOG.debugf("Cannot re-encrypt session %s", row.id);
            }
        }
        tell(renamed);
        return renamed.size();
    }

    @SuppressWarnings("unchecked")
    private List<SessionRow> rows(String former, String name, int limit) {
        return entityManager
                .createNativeQuery(READ, SessionRow.class)
                .setParameter("former", former)
                .setParameter("name", name)
                .setParameter("keys", encryption.keyIds().toArray(String[]::new))
                .setParameter("limit", limit)
                .getResultList();
    }

    /** Those who may use only one of the names must not be judged by what is in memory. */
    private void tell(List<String> ids) {
        if (!ids.isEmpty()) {
            entityManager
                    .createNativeQuery(
                            "select count(pg_notify('tokenkeep_session', id)) from unnest(cast(:ids as text[])) id",
                            Long.class)
                    .setParameter("ids", ids.toArray(String[]::new))
                    .getSingleResult();
        }
    }
}
