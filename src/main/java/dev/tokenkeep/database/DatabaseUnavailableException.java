package dev.tokenkeep.database;

/** The database was not asked, because it does not answer at the moment. */
public final class DatabaseUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(DatabaseState state) {
        super("The database is " + state.label(), null, false, false);
    }
}
