package dev.tokenkeep.harness;

import dev.tokenkeep.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The database's log of what happened to sessions, and its faults: commits that fail, cut connections, outages. */
final class DatabaseFaults {

    private static final String INSTALL = """
            create table harness_log (
                at timestamptz not null default clock_timestamp(),
                session_id text not null, replica text not null, kind text not null);
            create sequence harness_stores;
            create sequence harness_failed start 1;
            create table harness_armed (until bigint not null);
            insert into harness_armed values (0);
            create function harness_note() returns trigger language plpgsql as $$
            begin
                insert into harness_log (session_id, replica, kind)
                select new.id, current_setting('application_name'),
                       case when new.rt_version <> old.rt_version then 'STORE'
                            when new.attempt_id is distinct from old.attempt_id then 'CLAIM'
                            else 'RELEASE' end
                where new.rt_version <> old.rt_version or new.attempt_id is distinct from old.attempt_id
                   or (new.lease_until is null and old.lease_until is not null);
                return null;
            end $$;
            create trigger harness_note after update on tokenkeep_session
                for each row execute function harness_note();
            create function harness_fail() returns trigger language plpgsql as $$
            begin
                if nextval('harness_stores') <= (select until from harness_armed) then
                    perform nextval('harness_failed');
                    raise exception 'this commit fails';
                end if;
                return null;
            end $$;
            create constraint trigger harness_fail after update on tokenkeep_session deferrable initially deferred
                for each row when (new.rt_version <> old.rt_version) execute function harness_fail();
            """;

    private final TestDatabase database;
    private final List<Outage> outages = new CopyOnWriteArrayList<>();
    private int cuts;

    DatabaseFaults(TestDatabase database) {
        this.database = database;
    }

    /** What happened to a session. */
    record Entry(long atMillis, String sessionId, String replica, Kind kind) {

        enum Kind {
            CLAIM,
            STORE,
            RELEASE
        }
    }

    /** How a session stands. */
    record Standing(String id, Mode mode, String subject, String status, String failureCode) {}

    void install() {
        execute(INSTALL);
    }

    /** The next {@code number} commits of stored tokens fail. */
    void failCommits(int number) {
        execute("update harness_armed set until = (select last_value from harness_stores) + " + number);
    }

    int failedCommits() {
        return Integer.parseInt(select("select case when is_called then last_value else 0 end from harness_failed"));
    }

    int cuts() {
        return cuts;
    }

    List<Outage> outages() {
        return outages;
    }

    /** Whatever the connection was doing, its replica does not learn what came of it. */
    void cutConnection() {
        String cut = select("""
                select count(pg_terminate_backend(pid)) from (
                    select pid from pg_stat_activity
                    where datname = current_database() and application_name like 'r%'
                    order by state = 'active' desc, random() limit 1) one""");
        cuts += Integer.parseInt(cut);
    }

    /** Nobody gets in, and whoever was in is thrown out. */
    void away(Duration time) {
        String name = select("select current_database()");
        long from = System.currentTimeMillis();
        onServer("alter database " + name + " with allow_connections false");
        try {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                onServer("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
                Replica.pause(Duration.ofMillis(200));
            }
        } finally {
            onServer("alter database " + name + " with allow_connections true");
        }
        outages.add(Outage.ofDatabase(from, System.currentTimeMillis()));
    }

    /** Everything is due now, and what was refreshed before is not what will be. */
    void beginCalm() {
        failCommits(0);
        execute("create table harness_calm as select id, rt_version from tokenkeep_session");
        makeAllDue();
    }

    void makeAllDue() {
        execute("update tokenkeep_session set refresh_due_at = now() where status = 'ACTIVE' and not_before is null");
    }

    /** Active sessions that have not been refreshed since the calm began. */
    int notYetRefreshed() {
        return Integer.parseInt(select("""
                select count(*) from tokenkeep_session s join harness_calm c on c.id = s.id
                where s.status = 'ACTIVE' and s.rt_version = c.rt_version"""));
    }

    List<Entry> log() {
        return rows(
                "select extract(epoch from at) * 1000, session_id, replica, kind from harness_log order by at",
                row -> new Entry(
                        row.getLong(1), row.getString(2), row.getString(3), Entry.Kind.valueOf(row.getString(4))));
    }

    List<Standing> sessions() {
        return rows(
                "select id, registration, subject, status, coalesce(failure_code, '-') from tokenkeep_session",
                row -> new Standing(
                        row.getString(1),
                        Mode.valueOf(row.getString(2).toUpperCase(java.util.Locale.ROOT)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)));
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String sql, Reading<T> reading) {
        try (Connection connection = database.connect();
                var found = connection.createStatement().executeQuery(sql)) {
            var rows = new ArrayList<T>();
            while (found.next()) {
                rows.add(reading.of(found));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String select(String sql) {
        return rows(sql, row -> row.getString(1)).get(0);
    }

    private void execute(String sql) {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void onServer(String sql) {
        String url = database.jdbcUrl().replaceFirst("/tokenkeep_[0-9]+", "/postgres");
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password())) {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
