package dev.tokenkeep.signin.store;

import dev.tokenkeep.crypto.UndecryptableException;
import dev.tokenkeep.database.AsksDatabase;
import dev.tokenkeep.oauth.Secret;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stores when the authorization server is to be asked about device sign-ins. The time of the next poll is also the lease:
 * a poll under way has moved it to when another replica may ask. All methods block, each in its own transaction.
 */
@ApplicationScoped
public class DeviceAuthorizations {

    private static final Logger LOG = Logger.getLogger(DeviceAuthorizations.class);

    private final AuthorizationRows rows;
    private final AuthorizationEncryption encryption;
    private final EntityManager entityManager;

    DeviceAuthorizations(
            AuthorizationRows rows,
            AuthorizationEncryption encryption,
            @PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.rows = rows;
        this.encryption = encryption;
        this.entityManager = entityManager;
    }

    /**
     * A claimed poll.
     *
     * @param dpopKey what the tokens will be bound to; null for nothing
     * @param interval how long to wait after it
     */
    public record Due(
            Authorization authorization,
            UUID attempt,
            Secret deviceCode,
            @Nullable Secret dpopKey,
            Duration interval) {}

    /** Returns how long until the next poll of each registration that has pending device sign-ins. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Map<String, Duration> untilNext() {
        List<?> found = entityManager.createNativeQuery("""
                        select registration, cast(extract(epoch from min(next_poll_at) - clock_timestamp()) * 1000 as bigint)
                        from tokenkeep_authorization
                        where ended_at is null and next_poll_at is not null and expires_at > now()
                        group by registration""").getResultList();
        return found.stream()
                .map(Object[].class::cast)
                .collect(Collectors.toMap(row -> (String) row[0], row -> Duration.ofMillis((Long) row[1])));
    }

    /**
     * Claims the polls of a registration that are due, those that have waited longest first. Those whose key is missing
     * here are left to replicas that have it.
     *
     * @param lease when another replica may poll, if nobody says what came of it
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Due> claim(String registration, Duration lease, int limit) {
        List<?> ids = entityManager
                .createNativeQuery("""
                        select id from tokenkeep_authorization
                        where registration = :registration and ended_at is null and next_poll_at <= clock_timestamp()
                        and expires_at > now() and key_id = any(cast(:keys as text[]))
                        order by next_poll_at limit :limit for update skip locked""")
                .setParameter("registration", registration)
                .setParameter("keys", encryption.keyIds().toArray(String[]::new))
                .setParameter("limit", limit)
                .getResultList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Instant now = rows.now();
        return rows.list("id in ?1", ids).stream()
                .flatMap(row -> claimed(row, now, lease).stream())
                .toList();
    }

    /** Empty if its code cannot be decrypted. It expires. */
    private Optional<Due> claimed(AuthorizationRow row, Instant now, Duration lease) {
        UUID attempt = UUID.randomUUID();
        row.polled(attempt, now.plus(lease));
        try {
            return Optional.of(new Due(
                    row.view(now),
                    attempt,
                    encryption.code(row),
                    encryption.dpopKey(row),
                    Duration.ofSeconds(row.pollInterval)));
        } catch (UndecryptableException e) {
            LOG.warnf("The device code of sign-in %s cannot be decrypted with the keys of this process", row.id);
            return Optional.empty();
        }
    }

    /**
     * The user has not signed in yet, or nobody knows.
     *
     * @param interval from now on
     * @param wait until the next poll
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void pollAgain(String id, UUID attempt, Duration interval, Duration wait) {
        AuthorizationRow row = rows.lockedOrNull(id);
        if (row != null && row.endedAt == null && attempt.equals(row.attemptId)) {
            row.pollsAgain((int) interval.toSeconds(), rows.now(), wait);
        }
    }

    /** The authorization server has forgotten the device code. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void expire(String id, UUID attempt) {
        AuthorizationRow row = rows.lockedOrNull(id);
        if (row != null && row.endedAt == null && attempt.equals(row.attemptId)) {
            row.expired(rows.now());
        }
    }
}
