package dev.tokenkeep.session.audit;

import dev.tokenkeep.database.AsksDatabase;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** Appends to {@code tokenkeep_audit}, each batch in one transaction and one round trip. */
@ApplicationScoped
public class AuditRows {

    public static final String INSERT = """
            insert into tokenkeep_audit (request_id, caller, operation, registration, session, decision, reason, key_id,
                rt_version, latency_ms, target)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private final AgroalDataSource database;

    AuditRows(@DataSource("tokenkeep") AgroalDataSource database) {
        this.database = database;
    }

    /** Appends these rows. Blocks. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void append(List<AuditRow> rows) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (AuditRow row : rows) {
                insert.setString(1, row.requestId());
                insert.setString(2, row.caller());
                insert.setString(3, row.operation());
                insert.setString(4, row.about().registration());
                insert.setBytes(5, row.about().session());
                insert.setString(6, row.decision());
                insert.setString(7, row.reason());
                insert.setString(8, row.about().keyId());
                insert.setObject(9, row.about().version(), Types.BIGINT);
                insert.setObject(10, row.latencyMillis(), Types.DOUBLE);
                insert.setString(11, row.about().target());
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException("tokenkeep_audit", e);
        }
    }
}
