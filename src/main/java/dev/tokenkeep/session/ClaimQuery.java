package dev.tokenkeep.session;

import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The claim, one statement: picks rows that may be refreshed, skips those that another transaction holds, and commits
 * the attempt with its intent before anything is sent.
 */
@Singleton
class ClaimQuery {

    /**
     * Rows whose refresh token was certainly not spent, and rows of which that is not known: those are left alone for
     * their lease and one more, since their owner may hold the answer and be waiting for the database, and then the
     * rotation policy decides. No pause, and a key that opens the row.
     */
    private static final String CLAIMABLE = """
            registration = :registration
            and key_id in (:keys)
            and (sent_version is distinct from rt_version
                 or ((lease_until is null or lease_until + :lease * interval '1 microsecond' <= now())
                     and (:unknown = 'RETRY'
                          or access_token_expires_at is null
                          or access_token_expires_at <= now()
                          or (:unknown = 'RETRY_WITHIN' and sent_at + :leeway * interval '1 microsecond' > now()))))
            and not exists (select 1 from tokenkeep_pause p
                            where p.registration = :registration and p.credential = :credential
                            and p.paused_until > now())
            """;

    /** Among how many those nearest to their access token's death are looked for. */
    private static final int CHOICE = 250;

    private static final String CLAIM = """
            with picked as (
                select id from tokenkeep_session
                where %s and %s
                %s
                for update skip locked)
            update tokenkeep_session s
            set attempt_id = gen_random_uuid(),
                lease_until = now() + :lease * interval '1 microsecond',
                sent_at = case when s.sent_version = s.rt_version then s.sent_at else now() end,
                sent_version = s.rt_version,
                traceparent = nullif(:traceparent, ''),
                -- whoever claims it, the job takes it over if nothing more is heard of it
                refresh_due_at = least(s.refresh_due_at, now())
            from picked where s.id = picked.id
            returning s.*
            """;

    private static final String IS_DUE = "status = 'ACTIVE' and refresh_due_at <= now() and " + CLAIMABLE;

    /**
     * Of some hundreds that have been due for longest, so that a claim costs the same whatever the backlog: it is read in the
     * order of its index and not to its end. They are looked at again where they are locked, by a condition in which the
     * planner finds no index: without statistics of a table that has grown it would go through the whole backlog for each.
     */
    private static final String DUE = CLAIM.formatted(
            """
            id = any (array(
                select id from tokenkeep_session
                where %s
                order by refresh_due_at limit :limit + %d))
            """.formatted(IS_DUE, CHOICE),
            "(" + IS_DUE + ") is true",
            "order by access_token_expires_at nulls first limit :limit");

    private static final String ONE = CLAIM.formatted("""
            id = :id
            and (:version = 0 or rt_version = :version)
            and (status = 'ACTIVE' or (:forced and status = 'USER_ACTION_REQUIRED'))
            and (not_before is null or not_before <= now())
            """, CLAIMABLE, "");

    private final EntityManager entityManager;

    ClaimQuery(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** Due sessions, those nearest to their access token's death first as far as a choice of them is looked at. */
    List<SessionRow> due(ClaimTerms terms, byte[] credential, Collection<String> keyIds, int limit) {
        return rows(bound(DUE, terms, credential, keyIds).setParameter("limit", limit));
    }

    /** The one session, whether or not it is due, unless it is backing off; no row if it can't be claimed now. */
    List<SessionRow> one(
            String id,
            OptionalLong version,
            boolean forced,
            ClaimTerms terms,
            byte[] credential,
            Collection<String> keyIds) {
        return rows(bound(ONE, terms, credential, keyIds)
                .setParameter("id", id)
                .setParameter("version", version.orElse(0))
                .setParameter("forced", forced));
    }

    private Query bound(String sql, ClaimTerms terms, byte[] credential, Collection<String> keyIds) {
        return entityManager
                .createNativeQuery(sql, SessionRow.class)
                .setParameter("registration", terms.registration())
                .setParameter("keys", keyIds)
                .setParameter("lease", terms.lease().toNanos() / 1000)
                .setParameter("unknown", terms.unknown().name())
                .setParameter("leeway", terms.leeway().toNanos() / 1000)
                .setParameter("credential", credential)
                .setParameter("traceparent", Objects.requireNonNullElse(terms.traceparent(), ""));
    }

    @SuppressWarnings("unchecked")
    private static List<SessionRow> rows(Query query) {
        return query.getResultList();
    }
}
