package dev.tokenkeep.session.store;

import dev.tokenkeep.session.audit.AuditRows;
import dev.tokenkeep.session.fingerprint.RefreshTokenLookup;
import dev.tokenkeep.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * What a version of the application says to the database, one statement a line: {@code statements-9.sql} is of the version
 * whose newest migration is V9. It is added to while V9 is the newest, and kept when V10 comes: replicas that say these
 * things run beside the new ones until they are replaced.
 */
final class Statements {

    /** By the tests of this build. */
    static final Path RECORDED = Path.of("target", "statements.sql");

    static final Path MIGRATIONS = Path.of("src/main/resources/db/tokenkeep");
    private static final Path KEPT = Path.of("src/test/resources/upgrade");

    /** What goes past Hibernate. */
    private static final List<String> BY_JDBC = List.of(
            Reencryption.WRITE,
            AuditRows.INSERT,
            RefreshedRows.WRITE,
            RefreshTokenLookup.CURRENT,
            RefreshTokenLookup.CURRENT_OR_REGISTERED);

    private static final Pattern UPDATE = Pattern.compile("(update \\w+ set )([\\w=?,]+)( where id=\\?)");
    private static final Pattern LISTING =
            Pattern.compile("(select .* from tokenkeep_session \\w+ where )(\\w+\\.owning_caller in .*)( order by .*)");
    private static final Pattern PARAMETER = Pattern.compile("\\?");

    private Statements() {}

    static int newestVersion() {
        return Collections.max(numbers(MIGRATIONS, "V(\\d+)__.*"));
    }

    /** Those whose statements are kept, the oldest first. */
    static List<Integer> versions() {
        return numbers(KEPT, "statements-(\\d+)\\.sql");
    }

    private static List<Integer> numbers(Path directory, String name) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString().replaceFirst(name, "$1"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(int version) {
        return KEPT.resolve("statements-" + version + ".sql");
    }

    static List<String> of(int version) {
        return read(file(version));
    }

    /** All that the tests of this build have seen, and what they can't see. */
    static Set<String> recorded() {
        var statements = new TreeSet<>(read(RECORDED));
        BY_JDBC.stream().map(Statements::lines).forEach(statements::addAll);
        return statements;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * On one line each, without comments. What is put together as the case may be is taken apart: an update has a line for
     * every column, a listing one for every condition, and a list of parameters is as short as it can be.
     */
    static List<String> lines(String sql) {
        String line = sql.replaceAll("--[^\n]*", " ")
                .replaceAll("\\s+", " ")
                .strip()
                .replaceAll("(?i) in \\(\\?( ?, ?\\?)+\\)", " in (?)");
        Matcher update = UPDATE.matcher(line);
        if (update.matches()) {
            return parts(update, ",");
        }
        Matcher listing = LISTING.matcher(line);
        return listing.matches() ? parts(listing, " and ") : List.of(line);
    }

    private static List<String> parts(Matcher statement, String separator) {
        return Stream.of(statement.group(2).split(separator))
                .map(part -> statement.group(1) + part + statement.group(3))
                .toList();
    }

    /** Makes the tables of the newest version, as the database's user. */
    static void migrate(TestDatabase database) {
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("filesystem:" + MIGRATIONS)
                .table("tokenkeep_schema_history")
                .load()
                .migrate();
    }

    /** A connection for {@link #explained}: the driver would bind parameters otherwise, and a generic plan has none. */
    static Connection explaining(TestDatabase database) throws SQLException {
        var simple = new Properties();
        simple.putAll(Map.of("user", database.user(), "password", database.password(), "preferQueryMode", "simple"));
        return DriverManager.getConnection(database.jdbcUrl(), simple);
    }

    /** What answers how PostgreSQL would go about it, whatever the parameters are, as JSON. */
    static String explained(String statement) {
        return "explain (generic_plan, format json) " + numbered(statement);
    }

    /** Those that the database can't plan, and why. */
    static List<String> refused(TestDatabase database, List<String> statements) throws SQLException {
        try (Connection connection = explaining(database);
                var statement = connection.createStatement()) {
            return statements.stream()
                    .filter(sql -> !sql.startsWith("show "))
                    .flatMap(sql -> {
                        try {
                            statement.execute(explained(sql));
                            return Stream.empty();
                        } catch (SQLException e) {
                            return Stream.of(e.getMessage() + ": " + sql);
                        }
                    })
                    .toList();
        }
    }

    /** As PostgreSQL numbers parameters. */
    private static String numbered(String statement) {
        int[] number = {0};
        return PARAMETER.matcher(statement).replaceAll(found -> Matcher.quoteReplacement("$" + ++number[0]));
    }
}
