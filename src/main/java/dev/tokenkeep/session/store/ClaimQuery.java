package dev.tokenkeep.session.store;

import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.session.fingerprint.Fingerprints;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Claims sessions in one statement. It picks rows that may be refreshed and skips rows that another transaction has
 * locked. It commits the attempt and its intent before anything is sent.
 */
@Singleton
class ClaimQuery {

    /**
     * Selects rows whose key this replica has. Their refresh token was certainly not spent, or this is unknown. Unknown
     * ones are skipped for their lease and one more, since their owner may hold the response and wait for the database.
     * Then the rotation policy decides.
     */
    private static final String CLAIMABLE = """
            key_id = any(:keys)
            and (sent_version is distinct from rt_version
                 or ((lease_until is null or lease_until + :lease * interval '1 microsecond' <= now())
                     and (t.unknown = 'RETRY'
                          or grant_type <> 'REFRESH_TOKEN'
                          or access_token_expires_at is null
                          or access_token_expires_at <= now()
                          or (t.unknown = 'RETRY_WITHIN'
                              and sent_at + t.leeway * interval '1 microsecond' > now()))))
            """;

    /** How many more due sessions are compared, to find those whose access tokens expire first. */
    private static final int CHOICE = 250;

    /** The claim, for registrations that are not paused. */
    private static final String CLAIM = """
            with terms as (
                select * from unnest(cast(:registrations as text[]), cast(:destinations as text[]),
                        cast(:credentials as text[]), cast(:unknowns as text[]), cast(:leeways as bigint[]), cast(:most as int[]),
                        cast(:retries as int[]), cast(:probes as boolean[]), cast(:lasts as boolean[]))
                    as t(registration, destination, credential, unknown, leeway, most, retries, probe, last_only)
                where not exists (select 1 from tokenkeep_pause p
                                  where p.registration = t.registration
                                  and p.credential = decode(t.credential, 'hex') and p.paused_until > now())
                -- one that the API added may have become that of another client
                and (t.destination = ''
                     or exists (select 1 from tokenkeep_registration a
                                where a.name = t.registration and a.state = 'ACTIVE'
                                and a.destination = t.destination))),
            picked as (
                select found.id from terms t cross join lateral (%s) found limit :limit)
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

    /** Holds for a spent refresh token that is accepted only a little longer; takes the part of that time from which on. */
    private static final String ENDING = """
            sent_version = rt_version and t.unknown = 'RETRY_WITHIN' and grant_type = 'REFRESH_TOKEN'
            and sent_at > now() - t.leeway * interval '1 microsecond'
            and sent_at <= now() - t.leeway * %s * interval '1 microsecond'
            """;

    private static final String LAST_CHANCE = ENDING.formatted(ClaimTerms.LAST_CHANCE_FROM);

    /**
     * Selects from the few hundred sessions that have been due longest. So a claim costs the same with any backlog: the
     * index is read in order and not to its end. The condition is checked again where the rows are locked, in a form
     * for which the planner finds no index. Without statistics of a table that has grown, it would read the whole
     * backlog for each row.
     *
     * @param compared whether any are compared
     * @param chosen which of those that are compared may be taken
     */
    private static String due(String kind, String compared, String chosen, String order, String limit) {
        String isDue = "registration = t.registration and status = 'ACTIVE' and refresh_due_at <= now() and " + kind
                + " and " + CLAIMABLE;
        return """
            select id from tokenkeep_session
            where id = any (array(
                select id from tokenkeep_session
                where %s
                order by refresh_due_at
                limit case when %s then t.most + %d else 0 end))
            and (%s and %s) is true
            order by %s limit %s for update skip locked
            """.formatted(isDue, compared, CHOICE, isDue, chosen, order, limit);
    }

    /**
     * Selects failed sessions whose refresh token is accepted only a little longer. Each is tried before all others, since
     * it would be lost otherwise (CONFORMANCE B3): once in the last quarter of that time, and if its first request was
     * slow, once from half of that time on. The first request itself may have taken until then, so a session with one
     * failure is always tried. They are found by their last failure, since an index by when they were sent would be
     * written at every claim.
     */
    private static final String CHANCES = """
            select id from tokenkeep_session
            where registration = t.registration and status = 'ACTIVE' and refresh_due_at <= now() and failures > 0
            and failure_at > now() - t.leeway * interval '1 microsecond'
            and %s
            and case when %s then failures = 1 or failure_at < sent_at + t.leeway * %s * interval '1 microsecond'
                     else failures = 1 and failure_at >= sent_at + t.leeway * %s * interval '1 microsecond' end
            and %s
            order by sent_at limit t.most for update skip locked
            """.formatted(
                    ENDING.formatted(ClaimTerms.FIRST_CHANCE_FROM),
                    LAST_CHANCE,
                    ClaimTerms.LAST_CHANCE_FROM,
                    ClaimTerms.SLOW,
                    CLAIMABLE);

    /**
     * Takes sessions that have little time left first, also those whose replica was killed after they had failed, then
     * sessions that have not failed, then as many failed ones as
     * allowed (CONFORMANCE L1). A probe prefers a session that was refreshed before and has failed least often since (L3).
     * Where only last chances may be taken, a session that has not failed may be one too: its replica died before it
     * recorded a result. If a job claimed it, it is still among those that have been due longest. If a reader claimed it
     * during a backlog, it may not be found: an index for these few would be written at every claim.
     */
    private static final String DUE = CLAIM.formatted(
            """
            with failed as materialized (%s),
            killed as materialized (%s),
            ending as materialized (select id from failed union all select id from killed),
            fresh as materialized (%s),
            again as materialized (%s)
            select id from ending union all select id from fresh union all select id from again
            """.formatted(
                    CHANCES,
                    due(
                            "failures > 0",
                            "t.unknown = 'RETRY_WITHIN'",
                            "failure_at < sent_at and id <> all (array(select id from failed)) and " + LAST_CHANCE,
                            "sent_at",
                            "t.most - (select count(*) from failed)"),
                    due(
                            "failures = 0",
                            "not t.last_only or t.unknown = 'RETRY_WITHIN'",
                            "(not t.last_only or (" + LAST_CHANCE + "))",
                            "t.probe and refreshed_at is null, access_token_expires_at nulls first",
                            "t.most - (select count(*) from ending)"),
                    due(
                            "failures > 0 and id <> all (array(select id from ending))",
                            "not t.last_only",
                            "true",
                            "t.probe and refreshed_at is null, case when t.probe then failures end, refresh_due_at",
                            "least(t.retries, t.most - (select count(*) from ending) - (select count(*) from fresh))")));

    private static final String ONE = CLAIM.formatted("""
            select id from tokenkeep_session
            where id = :id and registration = t.registration
            and (:version = 0 or rt_version - target_refreshes = :version)
            and (:spent = 0 or rt_version = :spent and sent_version is distinct from rt_version)
            and (status = 'ACTIVE' or (:forced and status = 'USER_ACTION_REQUIRED'))
            and (not_before is null or not_before <= now())
            and (grant_type <> 'NONE' or access_token_expires_at <= now())
            and %s
            for update skip locked
            """.formatted(CLAIMABLE));

    private final EntityManager entityManager;
    private final Fingerprints fingerprints;

    ClaimQuery(@PersistenceUnit("tokenkeep") EntityManager entityManager, Fingerprints fingerprints) {
        this.entityManager = entityManager;
        this.fingerprints = fingerprints;
    }

    /**
     * Claims due sessions. Of the compared sessions of each registration, those whose access tokens expire first come
     * first.
     *
     * @param limit for all registrations together; registrations later in the list may get nothing
     */
    List<SessionRow> due(List<DueTerms> due, Collection<String> keyIds, int limit) {
        return rows(bound(DUE, due, keyIds).setParameter("limit", limit));
    }

    /** Claims this session, due or not, unless it is backing off. Returns no row if it cannot be claimed now. */
    List<SessionRow> one(String id, ClaimCondition condition, ClaimTerms terms, Collection<String> keyIds) {
        return rows(bound(ONE, List.of(new DueTerms(terms, 1, 1, false, false, false)), keyIds)
                .setParameter("limit", 1)
                .setParameter("id", id)
                .setParameter("version", condition.version().orElse(0))
                .setParameter("spent", condition.refreshTokenVersion().orElse(0))
                .setParameter("forced", condition.forced()));
    }

    private Query bound(String sql, List<DueTerms> due, Collection<String> keyIds) {
        ClaimTerms any = due.get(0).terms();
        return entityManager
                .createNativeQuery(sql, SessionRow.class)
                .setParameter("registrations", array(due, one -> one.terms().registration(), String[]::new))
                .setParameter("destinations", array(due, ClaimQuery::destination, String[]::new))
                .setParameter("credentials", array(due, one -> credential(one.terms()), String[]::new))
                .setParameter(
                        "unknowns", array(due, one -> one.terms().unknown().name(), String[]::new))
                .setParameter("leeways", array(due, one -> one.terms().leeway().toNanos() / 1000, Long[]::new))
                .setParameter("most", array(due, DueTerms::most, Integer[]::new))
                .setParameter("retries", array(due, DueTerms::retries, Integer[]::new))
                .setParameter("probes", array(due, DueTerms::probe, Boolean[]::new))
                .setParameter("lasts", array(due, DueTerms::lastChancesOnly, Boolean[]::new))
                .setParameter("keys", keyIds.toArray(String[]::new))
                .setParameter("lease", any.lease().toNanos() / 1000)
                .setParameter("traceparent", Objects.requireNonNullElse(any.traceparent(), ""));
    }

    private static String destination(DueTerms due) {
        return Objects.requireNonNullElse(due.terms().registered().destination(), "");
    }

    private String credential(ClaimTerms terms) {
        return HexFormat.of().formatHex(fingerprints.of(terms.credential()));
    }

    private static <T> T[] array(List<DueTerms> due, Function<DueTerms, T> value, IntFunction<T[]> array) {
        return due.stream().map(value).toArray(array);
    }

    @SuppressWarnings("unchecked")
    private static List<SessionRow> rows(Query query) {
        return query.getResultList();
    }
}
