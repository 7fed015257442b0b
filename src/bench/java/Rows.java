import dev.tokenkeep.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What a benchmark does to the rows of what it measures, behind its back. */
record Rows(TestDatabase database) {

    void execute(String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** @param sql whose last parameter is all ids, those before it are {@code others} */
    void forEach(String sql, List<String> ids, String... others) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < others.length; i++) {
                statement.setString(i + 1, others[i]);
            }
            statement.setArray(others.length + 1, connection.createArrayOf("text", ids.toArray()));
            statement.execute();
        }
    }

    /** The first column of the first row. */
    String select(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Locks them in the order in which those that are being stored are, or each would wait for the other. */
    void due(String table, String where, String when) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select count(*) from (select id from " + table + " where " + where
                    + " order by id for update) locked");
            statement.execute("update " + table + " set refresh_due_at = " + when + " where " + where);
            connection.commit();
        }
    }
}
