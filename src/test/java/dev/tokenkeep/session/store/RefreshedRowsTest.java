package dev.tokenkeep.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.Sql;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.Column;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class RefreshedRowsTest {

    /** What a refresh never changes. */
    private static final List<String> KEPT = List.of(
            "id",
            "registration",
            "subject",
            "owning_caller",
            "granted_version",
            "registered_fingerprint",
            "traceparent",
            "created_at");

    /** Each with what an array of PostgreSQL needs quoted. */
    private static final List<String> TEXTS = List.of("a,b", "{\"x\\\"}", "", "NULL", "ü\n'");

    private static final Instant TIME = Instant.parse("2031-02-03T04:05:06.789012Z");

    @Inject
    SessionRows rows;

    @Inject
    RefreshedRows refreshed;

    @Inject
    @DataSource("tokenkeep")
    AgroalDataSource database;

    @BeforeEach
    void sessions() {
        new Sql(database).execute("""
                insert into tokenkeep_session (id, registration, subject, owning_caller, status, key_id, rt_version,
                    granted_version, refresh_token, registered_fingerprint, created_at, traceparent)
                select 'row-' || n, 'rows', 'subject', 'caller', 'REAUTHENTICATION_REQUIRED', 'key', 1, 1, 'token',
                    sha256(('r' || n)::bytea), now(), 'trace'
                from generate_series(0, 4) n""");
    }

    @AfterEach
    void clear() {
        new Sql(database).execute("delete from tokenkeep_session");
    }

    @Test
    void writesEachColumnOfEachRow() {
        List<SessionRow> written = change();
        assertThat(written).hasSize(TEXTS.size()).allSatisfy(this::isStored);
    }

    @Test
    void writesNullsAsNulls() {
        change();
        List<SessionRow> written = QuarkusTransaction.requiringNew().call(() -> {
            var locked = rows.lockedForRefresh(List.of("row-0", "row-1"));
            locked.values().forEach(RefreshedRowsTest::clear);
            refreshed.write(locked.values());
            return List.copyOf(locked.values());
        });
        assertThat(written).hasSize(2).allSatisfy(this::isStored);
        assertThat(read("row-2").scope).isEqualTo(TEXTS.get(2));
    }

    /** A column that is added to the row either changes with a refresh or does not: it is in one of the lists. */
    @Test
    void writesAllColumnsThatARefreshChanges() {
        List<String> columns = fields().map(RefreshedRowsTest::column)
                .filter(column -> !KEPT.contains(column))
                .toList();
        String set = RefreshedRows.WRITE.substring(0, RefreshedRows.WRITE.indexOf("\nfrom "));
        assertThat(Arrays.stream(set.substring(set.indexOf(" set ") + 5).split(", "))
                        .map(assignment -> assignment.substring(0, assignment.indexOf(' ')))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(columns);
    }

    /** Without those that Hibernate adds. */
    private static Stream<Field> fields() {
        return Arrays.stream(SessionRow.class.getDeclaredFields())
                .filter(field ->
                        !Modifier.isTransient(field.getModifiers()) && !Modifier.isStatic(field.getModifiers()));
    }

    private static String column(Field field) {
        return Optional.ofNullable(field.getAnnotation(Column.class))
                .map(Column::name)
                .orElse(field.getName());
    }

    private List<SessionRow> change() {
        return QuarkusTransaction.requiringNew().call(() -> {
            var locked = rows.lockedForRefresh(List.of("row-0", "row-1", "row-2", "row-3", "row-4"));
            for (int n = 0; n < TEXTS.size(); n++) {
                fill(locked.get("row-" + n), n);
            }
            refreshed.write(locked.values());
            return List.copyOf(locked.values());
        });
    }

    private static void fill(SessionRow row, int n) throws IllegalAccessException {
        int number = 10 * n;
        for (Field field : fields().toList()) {
            number++;
            if (KEPT.contains(column(field))) {
                continue;
            }
            Class<?> type = field.getType();
            if (type == String.class) {
                field.set(row, TEXTS.get(n));
            } else if (type == Instant.class) {
                field.set(row, TIME.plusSeconds(number));
            } else if (type == byte[].class) {
                field.set(row, new byte[] {(byte) number, 0, -1, '\\', '"', ',', '}'});
            } else if (type == UUID.class) {
                field.set(row, new UUID(number, n));
            } else if (type == SessionStatus.class) {
                field.set(row, SessionStatus.ACTIVE);
            } else if (type == GrantType.class) {
                field.set(row, GrantType.REFRESH_TOKEN);
            } else if (type == Integer.class || type == int.class) {
                field.set(row, number);
            } else {
                field.set(row, (long) number);
            }
        }
    }

    private static void clear(SessionRow row) {
        row.scope = null;
        row.refreshTokenExpiresAt = null;
        row.grantExpiresAt = null;
        row.keepAliveAt = null;
        row.accessToken = null;
        row.tokenType = null;
        row.accessTokenObtainedAt = null;
        row.accessTokenExpiresAt = null;
        row.accessTokenLifetime = null;
        row.idToken = null;
        row.dpopKey = null;
        row.currentFingerprint = null;
        row.refreshDueAt = null;
        row.notBefore = null;
        row.attemptId = null;
        row.leaseUntil = null;
        row.sentVersion = null;
        row.sentAt = null;
        row.failureCode = null;
        row.failureAt = null;
    }

    private void isStored(SessionRow row) {
        assertThat(read(row.id))
                .usingRecursiveComparison()
                .comparingOnlyFields(fields().map(Field::getName).toArray(String[]::new))
                .isEqualTo(row);
    }

    private SessionRow read(String id) {
        return QuarkusTransaction.requiringNew().call(() -> rows.findById(id));
    }
}
