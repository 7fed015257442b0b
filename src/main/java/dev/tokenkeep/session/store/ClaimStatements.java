package dev.tokenkeep.session.store;

import dev.tokenkeep.session.ClaimTerms;

/** What {@link ClaimQuery} says to the database. */
final class ClaimStatements {

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
     * index is read in order and not to its end. They are found again by their place in the table, which cannot change
     * within one statement. The whole condition is checked again where the rows are locked, since a row may have changed until
     * then, in a form for which the planner finds
     * no index. Without statistics of a table that has grown, it would read the whole backlog for each row.
     *
     * @param compared whether any are compared
     * @param chosen which of those that are compared may be taken
     */
    private static String due(String kind, String compared, String chosen, String order, String limit) {
        String isDue = "registration = t.registration and status = 'ACTIVE' and refresh_due_at <= now() and " + kind
                + " and " + CLAIMABLE;
        return """
            select id from tokenkeep_session
            where ctid = any (array(
                select ctid from tokenkeep_session
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
     * Takes sessions that have not failed, then as many failed ones as allowed (CONFORMANCE L1). A probe prefers a session
     * that was refreshed before and has failed least often since (L3).
     */
    static final String DUE = CLAIM.formatted("""
            with fresh as materialized (%s),
            again as materialized (%s)
            select id from fresh union all select id from again
            """.formatted(
                    fresh("not t.last_only", "true", "t.most"),
                    again("failures > 0", "least(t.retries, t.most - (select count(*) from fresh))")));

    /**
     * Does the same, but takes sessions that have little time left first, also those whose replica was killed after they
     * had failed. Where only last chances may be taken, a session that has not failed may be one too: its replica died
     * before it recorded a result. If a job claimed it, it is still among those that have been due longest. If a reader
     * claimed it during a backlog, it may not be found: an index for these few would be written at every claim.
     */
    static final String DUE_WITH_CHANCES = CLAIM.formatted(
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
                    fresh(
                            "not t.last_only or t.unknown = 'RETRY_WITHIN'",
                            "(not t.last_only or (" + LAST_CHANCE + "))",
                            "t.most - (select count(*) from ending)"),
                    again(
                            "failures > 0 and id <> all (array(select id from ending))",
                            "least(t.retries, t.most - (select count(*) from ending) - (select count(*) from fresh))")));

    private static String fresh(String compared, String chosen, String limit) {
        return due(
                "failures = 0",
                compared,
                chosen,
                "t.probe and refreshed_at is null, access_token_expires_at nulls first",
                limit);
    }

    private static String again(String kind, String limit) {
        return due(
                kind,
                "not t.last_only",
                "true",
                "t.probe and refreshed_at is null, case when t.probe then failures end, refresh_due_at",
                limit);
    }

    static final String ONE = CLAIM.formatted("""
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

    private ClaimStatements() {}
}
