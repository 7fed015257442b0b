package dev.tokenkeep.signin.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code tokenkeep_authorization}. Every method runs within a transaction. */
@Singleton
class AuthorizationRows implements PanacheRepositoryBase<AuthorizationRow, String> {

    /** Users open a link again, and so do programs that look for viruses; but not without end. */
    private static final int MOST_OPENINGS = 20;

    AuthorizationRow locked(String id) {
        return Objects.requireNonNull(lockedOrNull(id), "The authorization is gone");
    }

    @Nullable
    AuthorizationRow lockedOrNull(String id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    /** Returns a copy with its end, whether or not a job has seen it. */
    Optional<AuthorizationRow> read(String id) {
        return findByIdOptional(id).map(this::settled);
    }

    AuthorizationRow settled(AuthorizationRow row) {
        getEntityManager().detach(row);
        row.settle(now());
        return row;
    }

    Instant now() {
        return (Instant) getEntityManager()
                .createNativeQuery("select clock_timestamp()", Instant.class)
                .getSingleResult();
    }

    /** Counts that a browser opened a sign-in. Returns false if it was opened too often before. */
    boolean countOpening(String id) {
        return getEntityManager()
                        .createNativeQuery("update tokenkeep_authorization set openings = openings + 1"
                                + " where id = :id and openings < :most")
                        .setParameter("id", id)
                        .setParameter("most", MOST_OPENINGS)
                        .executeUpdate()
                > 0;
    }

    /** Counts a caller's sign-ins that have not ended, no further than to the limit. */
    int pending(String caller, @Nullable String subject, int limit) {
        var query = getEntityManager()
                .createNativeQuery(
                        "select cast(count(*) as int) from (select 1 from tokenkeep_authorization"
                                + " where ended_at is null and expires_at > now() and caller = :caller"
                                + (subject == null ? "" : " and subject = :subject") + " limit :limit) found",
                        Integer.class)
                .setParameter("caller", caller)
                .setParameter("limit", limit);
        if (subject != null) {
            query.setParameter("subject", subject);
        }
        return (Integer) query.getSingleResult();
    }
}
