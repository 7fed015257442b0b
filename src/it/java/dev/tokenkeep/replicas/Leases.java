package dev.tokenkeep.replicas;

import dev.tokenkeep.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** Who has claimed what, by the name that a replica's connections have, and what a replica has left behind. */
record Leases(TestDatabase database) {

    /** Once the tables are there. */
    void watch() {
        execute("""
                create table it_claim (attempt_id uuid primary key, replica text not null);
                create function it_note_claim() returns trigger language plpgsql as $$
                begin
                    insert into it_claim values (new.attempt_id, current_setting('application_name'))
                    on conflict do nothing;
                    return null;
                end $$;
                create trigger it_note_claim after update on tokenkeep_session for each row
                    when (new.attempt_id is distinct from old.attempt_id) execute function it_note_claim();
                """);
    }

    /** A Java option: the name that a replica's connections have. */
    static String named(String replica) {
        return "-Dquarkus.datasource.tokenkeep.jdbc.additional-jdbc-properties.ApplicationName=" + replica;
    }

    /** Claims that this replica has made. */
    long claims(String replica) {
        return count("select count(*) from it_claim where replica = '" + replica + "'");
    }

    /** Its sessions that are leased, or whose refresh token may be on its way. */
    long held(String replica) {
        return count("""
                select count(*) from tokenkeep_session s join it_claim c on c.attempt_id = s.attempt_id
                where c.replica = '%s' and (s.lease_until is not null or s.sent_version is not null)""".formatted(replica));
    }

    long due() {
        return count("select count(*) from tokenkeep_session where status = 'ACTIVE' and refresh_due_at <= now()");
    }

    long active() {
        return count("select count(*) from tokenkeep_session where status = 'ACTIVE'");
    }

    /** Sessions that have tokens of a refresh. */
    long stored() {
        return count("select count(*) from tokenkeep_session where rt_version = 2 and access_token is not null");
    }

    private long count(String sql) {
        try (Connection connection = database.connect();
                var found = connection.createStatement().executeQuery(sql)) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
