package dev.tokenkeep.session.targets;

import dev.tokenkeep.crypto.AssociatedData;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.oauth.TokenResponse;
import dev.tokenkeep.session.TokenSet;
import dev.tokenkeep.time.Ticker;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.query.NativeQuery;

/**
 * Stores the access tokens for targets, encrypted. One whose encryption key is missing counts as not stored, since it can
 * be got again. All methods block.
 */
@ApplicationScoped
public class TargetTokens {

    private static final String TABLE = "tokenkeep_target_token";

    private final EntityManager entityManager;
    private final SessionFactory sessionFactory;
    private final TokenCipher cipher;
    private final Ticker ticker;

    TargetTokens(
            @PersistenceUnit("tokenkeep") EntityManager entityManager,
            @PersistenceUnit("tokenkeep") SessionFactory sessionFactory,
            TokenCipher cipher,
            Ticker ticker) {
        this.entityManager = entityManager;
        this.sessionFactory = sessionFactory;
        this.cipher = cipher;
        this.ticker = ticker;
    }

    /**
     * Where a token is stored.
     *
     * @param settings a text that changes with what the token is for. One that was stored under other settings is not found
     * @param grantedVersion says which grant of the session it belongs to. One of another grant is not found
     */
    public record Place(String sessionId, String registration, String target, String settings, long grantedVersion) {

        private AssociatedData of(long version) {
            return new AssociatedData(TABLE, "access_token " + settings, sessionId, registration, version);
        }
    }

    /** Returns the stored token, also if it has expired; empty if there is none. Reads in one round trip. */
    @AsksDatabase
    @Transactional(TxType.NOT_SUPPORTED)
    public Optional<TargetToken> find(Place place) {
        long nanos = ticker.nanos();
        try (StatelessSession session = sessionFactory.openStatelessSession()) {
            return session
                    .createNativeQuery("""
                            select key_id, access_token, token_type, scope, version,
                                   cast(extract(epoch from expires_at - clock_timestamp()) * 1000000 as bigint) as remaining,
                                   cast(extract(epoch from expires_at - obtained_at) * 1000000 as bigint) as lifetime
                            from tokenkeep_target_token
                            where session_id = :session and target = :target and granted_version = :granted""", Object[].class)
                    .setParameter("session", place.sessionId())
                    .setParameter("target", place.target())
                    .setParameter("granted", place.grantedVersion())
                    .getResultList()
                    .stream()
                    .findFirst()
                    .flatMap(row -> read(place, row, nanos));
        }
    }

    private Optional<TargetToken> read(Place place, Object[] row, long nanos) {
        long version = (Long) row[4];
        try {
            Secret token = cipher.decrypt((String) row[0], (byte[]) row[1], place.of(version));
            return Optional.of(new TargetToken(
                    token, (String) row[2], (String) row[3], micros(row[5]), micros(row[6]), version, nanos));
        } catch (UndecryptableException e) {
            return Optional.empty();
        }
    }

    private static Duration micros(Object column) {
        return Duration.of((Long) column, ChronoUnit.MICROS);
    }

    /**
     * Stores a token that can be served, unless the session was removed or has got a new grant. An older token does not
     * replace a newer one.
     *
     * @param access has a token and an expiry
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRED)
    public void store(Place place, TokenSet.AccessToken access, long version) {
        var row = cipher.forRow();
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_target_token as t (session_id, target, key_id, access_token, token_type,
                            scope, obtained_at, expires_at, version, granted_version)
                        select id, :target, :key, :token, :type, nullif(:scope, ''), :obtained, :expires, :version, granted_version
                        from tokenkeep_session
                        where id = :session and status <> 'REMOVED' and granted_version = :granted
                        on conflict (session_id, target) do update
                        set key_id = excluded.key_id, access_token = excluded.access_token,
                            token_type = excluded.token_type, scope = excluded.scope,
                            obtained_at = excluded.obtained_at, expires_at = excluded.expires_at,
                            version = excluded.version, granted_version = excluded.granted_version
                        where t.obtained_at <= excluded.obtained_at""")
                .unwrap(NativeQuery.class)
                .setParameter("session", place.sessionId())
                .setParameter("target", place.target())
                .setParameter("key", row.keyId())
                .setParameter("token", row.encrypt(Objects.requireNonNull(access.token()), place.of(version)))
                .setParameter("type", Objects.requireNonNullElse(access.type(), TokenResponse.BEARER))
                .setParameter("scope", Objects.requireNonNullElse(access.scope(), ""))
                .setParameter("obtained", access.obtainedAt())
                .setParameter("expires", Objects.requireNonNull(access.expiresAt()))
                .setParameter("version", version)
                .setParameter("granted", place.grantedVersion())
                .executeUpdate();
    }

    /** Returns the time by the database's clock. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Instant now() {
        return (Instant) entityManager
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** Deletes a session's tokens for targets, within a transaction. They belong to a grant that is over or replaced. */
    @AsksDatabase
    @Transactional(TxType.MANDATORY)
    public void forget(String sessionId) {
        entityManager
                .createNativeQuery("delete from tokenkeep_target_token where session_id = :session")
                .setParameter("session", sessionId)
                .executeUpdate();
    }
}
