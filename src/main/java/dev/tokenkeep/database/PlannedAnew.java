package dev.tokenkeep.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.postgresql.PGStatement;

/**
 * Statements about many rows that PostgreSQL plans each time. A plan that is kept may be from when the table was small. It
 * would read the whole table for each row, until the table is analyzed.
 */
public final class PlannedAnew {

    private PlannedAnew() {}

    public static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        return statement;
    }
}
