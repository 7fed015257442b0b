package dev.tokenkeep.database;

/** The database was not queried, because it is not up at the moment. */
public final class DatabaseUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(DatabaseState state) {
        super("The database is " + state.label(), null, false, false);
    }
}
