package dev.tokenkeep.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.AuditUnavailableException;
import dev.tokenkeep.session.AuditRow;
import dev.tokenkeep.session.SessionPseudonyms;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes entries down: one line of JSON each on the log category {@code dev.tokenkeep.audit}, and where it is on a row. */
@ApplicationScoped
@Startup
public class AuditTrail {

    /** A category of its own, so that it can be sent and kept elsewhere. */
    static final String CATEGORY = "dev.tokenkeep.audit";

    private static final Logger LOG = Logger.getLogger(CATEGORY);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AuditConfig config;
    private final AuditTable table;
    private final SessionPseudonyms pseudonyms;
    private final Clock clock;

    AuditTrail(AuditConfig config, AuditTable table, SessionPseudonyms pseudonyms, Clock clock) {
        if (config.failClosed() && !config.table()) {
            throw new ConfigurationException(
                    "tokenkeep.audit.fail-closed: needs tokenkeep.audit.table, for a line in a log may be lost unseen",
                    Set.of("tokenkeep.audit.fail-closed"));
        }
        this.config = config;
        this.table = table;
        this.pseudonyms = pseudonyms;
        this.clock = clock;
    }

    /** Waits for nothing. */
    public void note(AuditEntry entry) {
        write(entry);
    }

    /**
     * Before a token is handed out.
     *
     * @return completes when it may be; with {@link AuditUnavailableException} if it may not
     */
    public CompletionStage<Void> noteHandedOut(AuditEntry entry) {
        CompletionStage<Void> written = write(entry);
        return config.failClosed() ? written : CompletableFuture.completedFuture(null);
    }

    private CompletionStage<Void> write(AuditEntry entry) {
        if (!LOG.isInfoEnabled() && !config.table()) {
            return CompletableFuture.completedFuture(null);
        }
        String id = entry.sessionId();
        byte @Nullable [] session = id == null ? null : pseudonyms.of(id);
        if (LOG.isInfoEnabled()) {
            LOG.info(line(entry, session));
        }
        return config.table() ? table.append(row(entry, session)) : CompletableFuture.completedFuture(null);
    }

    private String line(AuditEntry entry, byte @Nullable [] session) {
        var line = new LinkedHashMap<String, @Nullable Object>();
        line.put("time", clock.instant().toString());
        line.put("request_id", entry.requestId());
        line.put("caller", entry.caller());
        line.put("operation", entry.operation());
        line.put("registration", entry.registration());
        line.put(
                "session",
                session == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(session));
        line.put("decision", decision(entry));
        line.put("reason", entry.reason());
        line.put("key_id", entry.keyId());
        line.put("rt_version", entry.version());
        line.put("latency_ms", milliseconds(entry.latency()));
        line.values().removeIf(value -> value == null);
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Text and numbers can always be written", e);
        }
    }

    private static AuditRow row(AuditEntry entry, byte @Nullable [] session) {
        return new AuditRow(
                entry.requestId(),
                entry.caller(),
                entry.operation(),
                entry.registration(),
                session,
                decision(entry),
                entry.reason(),
                entry.keyId(),
                entry.version(),
                milliseconds(entry.latency()));
    }

    private static String decision(AuditEntry entry) {
        return entry.decision().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Double milliseconds(@Nullable Duration latency) {
        return latency == null ? null : latency.toNanos() / 1000 / 1000.0;
    }
}
