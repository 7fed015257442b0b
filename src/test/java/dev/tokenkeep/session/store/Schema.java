package dev.tokenkeep.session.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A schema as a replica depends on it, from the database's own catalogue.
 *
 * @param names tables, and columns as {@code table.column}
 * @param offered what has to stay: columns with their types, what {@code on conflict} can refer to
 * @param demanded what must not come up: whatever can refuse a row that was good before
 */
record Schema(Set<String> names, Set<String> offered, Set<RefreshDemand> demanded) {

    /** @param on a table or a column */
    record RefreshDemand(String on, String what) {}

    private static final String TABLES = """
            (select oid, relname from pg_class
             where relkind in ('r', 'p') and relname like 'tokenkeep\\_%' and relname <> 'tokenkeep_schema_history') t
            """;

    private static final String COLUMNS = """
            (select t.relname as tbl, t.relname || '.' || a.attname as col,
                    format_type(a.atttypid, a.atttypmod) as typ, a.attnotnull, a.attidentity, a.attgenerated, a.atthasdef
             from pg_attribute a join %s on t.oid = a.attrelid where a.attnum > 0 and not a.attisdropped) c
            """.formatted(TABLES);

    private static final String UNIQUE = """
            (select t.relname as tbl, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* ON ', 'unique: ') as what
             from pg_index i join %s on t.oid = i.indrelid where i.indisunique) u
            """.formatted(TABLES);

    private static final List<String> DEMANDS = List.of(
            "select tbl, col || ' needs a value' from " + COLUMNS
                    + " where attnotnull and not atthasdef and attidentity = '' and attgenerated = ''",
            "select col, col || ' is not null' from " + COLUMNS + " where attnotnull",
            "select col, col || ' is generated' from " + COLUMNS + " where attidentity = 'a' or attgenerated <> ''",
            "select tbl, what from " + UNIQUE,
            "select t.relname, t.relname || ': ' || pg_get_constraintdef(k.oid) from pg_constraint k join " + TABLES
                    + " on t.oid = k.conrelid where k.contype in ('c', 'f', 'x')",
            "select t.relname, t.relname || ': ' || pg_get_triggerdef(g.oid) from pg_trigger g join " + TABLES
                    + " on t.oid = g.tgrelid where not g.tgisinternal");

    static Schema of(Connection connection) throws SQLException {
        var names = new HashSet<String>();
        var offered = new HashSet<String>();
        read(connection, "select tbl, col from " + COLUMNS).forEach(row -> names.addAll(List.of(row.on(), row.what())));
        read(connection, "select tbl, col || ' ' || typ from " + COLUMNS).forEach(row -> offered.add(row.what()));
        read(connection, "select tbl, what from " + UNIQUE).forEach(row -> offered.add(row.what()));
        var demanded = new HashSet<RefreshDemand>();
        for (String sql : DEMANDS) {
            demanded.addAll(read(connection, sql));
        }
        return new Schema(names, offered, demanded);
    }

    private static Set<RefreshDemand> read(Connection connection, String sql) throws SQLException {
        var rows = new HashSet<RefreshDemand>();
        try (var found = connection.createStatement().executeQuery(sql)) {
            while (found.next()) {
                rows.add(new RefreshDemand(found.getString(1), found.getString(2)));
            }
        }
        return rows;
    }

    /** What a replica that was made for the schema {@code before} would stumble over. */
    Set<String> breaksOf(Schema before) {
        var breaks = new TreeSet<String>();
        Stream.concat(before.names.stream(), before.offered.stream())
                .filter(what -> !names.contains(what) && !offered.contains(what))
                .forEach(what -> breaks.add("gone: " + what));
        demanded.stream()
                .filter(demand -> !before.demanded.contains(demand) && before.names.contains(demand.on()))
                .forEach(demand -> breaks.add("new: " + demand.what()));
        return breaks;
    }
}
