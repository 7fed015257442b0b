package dev.tokenkeep.signin.store;

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
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Stores when the authorization server is to be asked about device sign-ins. The time of the next poll is also the lease:
 * a poll under way has moved it to when another replica may ask. All methods block, each in its own transaction.
 */
@ApplicationScoped
public class DeviceAuthorizations {

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
     * @param interval how long to wait after it
     */
    public record Due(Authorization authorization, UUID attempt, Secret deviceCode, Duration interval) {}

    /** Returns how long until the next poll of any replica; empty if no device sign-in is pending. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public Optional<Duration> untilNext() {
        var next = (Instant) entityManager
                .createNativeQuery(
                        "select min(next_poll_at) from tokenkeep_authorization"
                                + " where ended_at is null and next_poll_at is not null and expires_at > now()",
                        Instant.class)
                .getSingleResult();
        return Optional.ofNullable(next).map(at -> Duration.between(rows.now(), at));
    }

    /**
     * Claims the polls that are due, those that have waited longest first.
     *
     * @param lease by the name of a registration: when another replica may poll, if nobody says what came of it
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Due> claim(Function<String, Duration> lease, int limit) {
        List<?> ids = entityManager
                .createNativeQuery("""
                        select id from tokenkeep_authorization
                        where ended_at is null and next_poll_at <= now() and expires_at > now()
                        order by next_poll_at limit :limit for update skip locked""")
                .setParameter("limit", limit)
                .getResultList();
        Instant now = rows.now();
        return rows.list("id in ?1", ids).stream()
                .map(row -> claimed(row, now, lease.apply(row.registration)))
                .toList();
    }

    private Due claimed(AuthorizationRow row, Instant now, Duration lease) {
        UUID attempt = UUID.randomUUID();
        row.polled(attempt, now.plus(lease));
        return new Due(row.view(now), attempt, encryption.code(row), Duration.ofSeconds(row.pollInterval));
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
            row.pollsAgain((int) interval.toSeconds(), rows.now().plus(wait));
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
