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
        boolean chances = due.stream().anyMatch(one -> one.terms().unknown() == ClaimTerms.Unknown.RETRY_WITHIN);
        return rows(bound(chances ? ClaimStatements.DUE_WITH_CHANCES : ClaimStatements.DUE, due, keyIds)
                .setParameter("limit", limit));
    }

    /** Claims this session, due or not, unless it is backing off. Returns no row if it cannot be claimed now. */
    List<SessionRow> one(String id, ClaimCondition condition, ClaimTerms terms, Collection<String> keyIds) {
        return rows(bound(ClaimStatements.ONE, List.of(new DueTerms(terms, 1, 1, false, false, false)), keyIds)
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
