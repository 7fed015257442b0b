package dev.tokenkeep.database;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Explains a failed start that the database has caused, and names the setting to check. */
public final class UnusableDatabase {

    private static final String DATASOURCE = "quarkus.datasource.tokenkeep.";
    private static final int DEEPEST = 30;

    private UnusableDatabase() {}

    /** Returns empty if the database is not the cause. */
    public static Optional<String> sentence(Throwable failure) {
        SQLException sql = null;
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            sql = cause instanceof SQLException found && (sql == null || found.getSQLState() != null) ? found : sql;
            cause = cause.getCause();
        }
        return Optional.ofNullable(sql).map(UnusableDatabase::sentence);
    }

    private static String sentence(SQLException failure) {
        String state = failure.getSQLState();
        String known = state == null ? null : known(state);
        return known == null
                ? DATASOURCE + "jdbc.url: the database refused a startup statement: " + DatabaseFailure.name(failure)
                : known + " (SQLSTATE " + state + ")";
    }

    private static @Nullable String known(String state) {
        return switch (state) {
            case "28P01", "28000" -> DATASOURCE + "username, .password: the database refuses this user or password";
            case "3D000" -> DATASOURCE + "jdbc.url: there is no database of this name";
            case "42501" ->
                DATASOURCE
                        + "username: the user lacks privileges: it has to own the tables, or needs CREATE and USAGE on"
                        + " the schema";
            case "25006" ->
                DATASOURCE + "jdbc.url: the database is read-only: a standby, or default_transaction_read_only is on";
            case "53300" -> DATASOURCE + "jdbc.max-size: the database has no connections left";
            case "57P03" -> DATASOURCE + "jdbc.url: the database is starting or stopping";
            default ->
                state.startsWith("08")
                        ? DATASOURCE + "jdbc.url: the database cannot be reached: wrong host or port, or not running"
                        : null;
        };
    }
}
