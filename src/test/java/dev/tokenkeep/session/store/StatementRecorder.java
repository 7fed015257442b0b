package dev.tokenkeep.session.store;

import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.resource.jdbc.spi.StatementInspector;

/** Notes what Hibernate sends in all tests, for {@link StatementsIT}. */
@Singleton
@PersistenceUnitExtension("tokenkeep")
class StatementRecorder implements StatementInspector {

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    @Override
    public String inspect(String sql) {
        Statements.lines(sql).stream().filter(known::add).forEach(StatementRecorder::keep);
        return sql;
    }

    private static void keep(String statement) {
        try {
            Files.createDirectories(Statements.RECORDED.getParent());
            Files.writeString(
                    Statements.RECORDED, statement + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
