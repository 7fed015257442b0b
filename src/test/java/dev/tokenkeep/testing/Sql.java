package dev.tokenkeep.testing;

import io.agroal.api.AgroalDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements that a test makes itself, behind everybody's back. */
public record Sql(AgroalDataSource database) {

    public void execute(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of the first row; empty if there is none. */
    public String select(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            return found.next() ? String.valueOf(found.getString(1)) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
