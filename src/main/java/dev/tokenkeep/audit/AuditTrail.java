package dev.tokenkeep.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.audit.AuditEntry.About;
import dev.tokenkeep.database.DatabaseGuard;
import dev.tokenkeep.session.audit.AuditRow;
import dev.tokenkeep.session.fingerprint.SessionPseudonyms;
import dev.tokenkeep.telemetry.CallContext;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes audit entries: one line of JSON each to the log category {@code dev.tokenkeep.audit}, and a row if the table
 * is enabled.
 */
@ApplicationScoped
@Startup
public class AuditTrail {

    /** A category of its own, so that entries can be sent and stored elsewhere. */
    static final String CATEGORY = "dev.tokenkeep.audit";

    /** Why a token was returned that may no longer be valid: the database could not be asked. */
    private static final String DATABASE_UNAVAILABLE = "database-unavailable";

    private static final Logger LOG = Logger.getLogger(CATEGORY);
    private static final JsonFactory JSON = new JsonFactory();
    private static final Base64.Encoder PSEUDONYM = Base64.getUrlEncoder().withoutPadding();
    private static final int TYPICAL_LENGTH = 384;

    private final AuditConfig config;
    private final AuditTable table;
    private final SessionPseudonyms pseudonyms;
    private final DatabaseGuard database;
    private final Clock clock;
    private volatile Moment lastWritten = new Moment(0, Instant.EPOCH.toString());

    private record Moment(long epochMilli, String text) {}

    AuditTrail(
            AuditConfig config, AuditTable table, SessionPseudonyms pseudonyms, DatabaseGuard database, Clock clock) {
        if (config.failClosed() && !config.table()) {
            throw new ConfigurationException(
                    "tokenkeep.audit.fail-closed: needs tokenkeep.audit.table, because log lines may be lost unnoticed",
                    Set.of("tokenkeep.audit.fail-closed"));
        }
        this.config = config;
        this.table = table;
        this.pseudonyms = pseudonyms;
        this.database = database;
        this.clock = clock;
    }

    /** Writes an entry. Does not wait for the table. */
    public void note(AuditEntry entry) {
        write(entry);
    }

    /**
     * Writes the entry of a token before the token is returned.
     *
     * @return completes when the token may be returned; fails with {@link AuditUnavailableException} if it may not
     */
    public CompletionStage<Void> noteHandedOut(AuditEntry entry) {
        CompletionStage<Void> written = write(database.isDoubted() ? entry.because(DATABASE_UNAVAILABLE) : entry);
        return config.failClosed() ? written : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> write(AuditEntry entry) {
        if (!LOG.isInfoEnabled() && !config.table()) {
            return CompletableFuture.completedFuture(null);
        }
        String id = entry.about().sessionId();
        byte @Nullable [] session = id == null ? null : pseudonyms.of(id);
        if (LOG.isInfoEnabled()) {
            LOG.info(line(entry, session));
        }
        return config.table() ? table.append(row(entry, session)) : CompletableFuture.completedFuture(null);
    }

    /** Returns the line, written member by member for speed: every returned token has one. */
    private String line(AuditEntry entry, byte @Nullable [] session) {
        var line = new StringWriter(TYPICAL_LENGTH);
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("time", time());
            member(json, "request_id", entry.call().requestId());
            member(json, "trace_id", CallContext.traceId());
            member(json, "caller", entry.call().caller());
            if (entry.call().user() != null) {
                member(json, "user_issuer", entry.call().user().issuer());
                member(json, "actor", entry.call().user().actor());
            }
            member(json, "operation", entry.operation());
            member(json, "registration", entry.about().registration());
            member(json, "target", entry.about().target());
            member(json, "session", session == null ? null : PSEUDONYM.encodeToString(session));
            member(json, "decision", decision(entry));
            member(json, "reason", entry.reason());
            member(json, "key_id", entry.about().keyId());
            if (entry.about().version() != null) {
                json.writeNumberField("rt_version", entry.about().version());
            }
            if (entry.call().latency() != null) {
                json.writeNumberField("latency_ms", milliseconds(entry.call().latency()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    /**
     * Returns the time (RFC 3339), to the millisecond. Kept, because many lines of a busy service have the same one.
     */
    private String time() {
        long now = clock.millis();
        Moment moment = lastWritten;
        if (moment.epochMilli() != now) {
            moment = new Moment(now, Instant.ofEpochMilli(now).toString());
            lastWritten = moment;
        }
        return moment.text();
    }

    private static void member(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static AuditRow row(AuditEntry entry, byte @Nullable [] session) {
        About about = entry.about();
        Duration latency = entry.call().latency();
        return new AuditRow(
                entry.call().requestId(),
                entry.call().caller(),
                entry.operation(),
                new AuditRow.About(about.registration(), session, about.keyId(), about.version(), about.target()),
                decision(entry),
                entry.reason(),
                latency == null ? null : milliseconds(latency).doubleValue());
    }

    private static String decision(AuditEntry entry) {
        return entry.decision().name().toLowerCase(Locale.ROOT);
    }

    /** To the microsecond. */
    private static BigDecimal milliseconds(Duration latency) {
        return BigDecimal.valueOf(latency.toNanos() / 1000, 3);
    }
}
