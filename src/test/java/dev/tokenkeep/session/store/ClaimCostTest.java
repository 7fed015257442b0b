package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.session.ClaimCondition;
import dev.tokenkeep.session.ClaimTerms;
import dev.tokenkeep.session.ClaimTerms.Unknown;
import dev.tokenkeep.session.DueTerms;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many rows a claim looks at. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class ClaimCostTest {

    /** Of nobody whom a job refreshes. */
    private static final ClaimTerms TERMS = new ClaimTerms(
            new ClaimTerms.Registered("backlog", null),
            Secret.of("credential"),
            Duration.ofSeconds(20),
            Unknown.RETRY_WITHIN,
            Duration.ofMinutes(1),
            null,
            () -> null,
            null);

    private static final List<String> KEYS = List.of("key");
    private static final int LIMIT = 32;

    /** Those among which it chooses where they are found and where they are locked, what it changes, and what was undone. */
    private static final long AT_MOST = 1000;

    @Inject
    ClaimQuery claims;

    @Inject
    @PersistenceUnit("tokenkeep")
    EntityManager entityManager;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    private Sql sql;

    @BeforeEach
    void backlog() {
        sql = new Sql(database);
        // Nobody else counts the rows meanwhile, such as in the moment when there are none.
        sql.execute("alter table tokenkeep_session set (autovacuum_enabled = false)");
        backlog(1, 1_000);
        sql.execute("analyze tokenkeep_session");
        backlog(1_001, 10_000);
    }

    private void backlog(int first, int last) {
        sql.execute("""
                insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                    granted_version, refresh_token, registered_fingerprint, current_fingerprint, created_at,
                    refresh_due_at, access_token, access_token_expires_at)
                select 'backlog-' || n, 'backlog', 'subject', 'caller', 'ACTIVE', 'key', 1, 1, 'token',
                    sha256(('r' || n)::bytea), sha256(('c' || n)::bytea), now(), now() - n * interval '1 second',
                    'token', now() + n * interval '1 second'
                from generate_series(%d, %d) n
                """.formatted(first, last));
    }

    @AfterEach
    void clear() {
        sql.execute("delete from tokenkeep_session where registration = 'backlog'");
        sql.execute("alter table tokenkeep_session reset (autovacuum_enabled)");
    }

    /** Ten times as many as when they were counted last. */
    @Test
    void aClaimLooksAtNoMoreThanItsChoiceWhateverTheBacklog() {
        assertThat(looksAt(this::due)).isBetween((long) LIMIT, AT_MOST);
        sql.execute("analyze tokenkeep_session");
        assertThat(looksAt(this::due)).isBetween((long) LIMIT, AT_MOST);
    }

    /** Nobody has counted the rows that came at once. */
    @Test
    void norWhereTheTableHasNoStatistics() {
        sql.execute("delete from pg_statistic where starelid = 'tokenkeep_session'::regclass");
        assertThat(looksAt(this::due)).isBetween((long) LIMIT, AT_MOST);
    }

    @Test
    void aReadersClaimLooksAtItsSessionAlone() {
        assertThat(looksAt(() -> claims.one("backlog-7", ClaimCondition.any(false), TERMS, KEYS)))
                .isBetween(1L, 10L);
    }

    @Test
    void aClaimForLastChancesAloneLooksAtNoMore() {
        sql.execute("analyze tokenkeep_session");
        var terms = new DueTerms(TERMS, LIMIT, LIMIT, false, false, true);
        assertThat(looksAt(() -> {
                    List<SessionRow> claimed = claims.due(List.of(terms), KEYS, LIMIT);
                    assertThat(claimed).isEmpty();
                    return claimed;
                }))
                .isBetween(1L, AT_MOST);
    }

    /** Its own index leads to what is due of a registration, however many others are due before. */
    @Test
    void aClaimForManyRegistrationsLooksAtNoneOfTheBacklogOfAnother() {
        sql.execute("""
                insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                    granted_version, refresh_token, registered_fingerprint, created_at, refresh_due_at)
                select 'few-' || n, 'few-' || n, 'subject', 'caller', 'ACTIVE', 'key', 1, 1, 'token',
                    sha256(('f' || n)::bytea), now(), now()
                from generate_series(1, 20) n""");
        try {
            assertThat(looksAt(this::few)).isBetween(20L, AT_MOST);
            sql.execute("analyze tokenkeep_session");
            assertThat(looksAt(this::few)).isBetween(20L, AT_MOST);
        } finally {
            sql.execute("delete from tokenkeep_session where registration like 'few-%'");
        }
    }

    private List<SessionRow> few() {
        List<SessionRow> claimed = claims.due(
                names().stream()
                        .map(name -> new ClaimTerms(
                                new ClaimTerms.Registered(name, null),
                                TERMS.credential(),
                                TERMS.lease(),
                                TERMS.unknown(),
                                TERMS.leeway(),
                                null,
                                () -> null,
                                null))
                        .map(terms -> new DueTerms(terms, 8, 8, false, false, false))
                        .toList(),
                KEYS,
                100);
        assertThat(claimed).hasSize(20);
        return claimed;
    }

    private static List<String> names() {
        return IntStream.rangeClosed(1, 400).mapToObj(n -> "few-" + n).toList();
    }

    private List<SessionRow> due() {
        List<SessionRow> claimed =
                claims.due(List.of(new DueTerms(TERMS, LIMIT, LIMIT, false, false, false)), KEYS, LIMIT);
        assertThat(claimed).hasSize(LIMIT);
        return claimed;
    }

    private long looksAt(Supplier<List<SessionRow>> claim) {
        QuarkusTransaction.begin();
        try {
            long before = looked();
            claim.get();
            return looked() - before;
        } finally {
            QuarkusTransaction.rollback();
        }
    }

    /** By this connection, and not yet added to what all have. Asked past Hibernate: the application says nothing like it. */
    private long looked() {
        return entityManager.unwrap(Session.class).doReturningWork(connection -> {
            try (var statement = connection.createStatement();
                    var read = statement.executeQuery("""
                            select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables
                            where relname = 'tokenkeep_session'""")) {
                read.next();
                return read.getLong(1);
            }
        });
    }
}
