package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.keyring.KeyStates.State;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Re-encrypts all rows with the key that encrypts now. One replica does it, once all encrypt with the same key. The
 * rows themselves show where it stopped.
 */
@ApplicationScoped
class ReencryptionJob {

    private static final Logger LOG = Logger.getLogger(ReencryptionJob.class);
    /** The maximum age of the shown row counts while nothing is re-encrypted. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private static final Duration BUSY = Duration.ofSeconds(5);

    private final TokenCipher cipher;
    private final KeyHeartbeat heartbeat;
    private final ReencryptionPass sessions;
    private final OtherReencryption others;
    private final KeyStates states;
    private final KeyMetrics metrics;
    private Set<String> endangered = Set.of();

    ReencryptionJob(
            TokenCipher cipher,
            KeyHeartbeat heartbeat,
            ReencryptionPass sessions,
            OtherReencryption others,
            KeyStates states,
            KeyMetrics metrics) {
        this.cipher = cipher;
        this.heartbeat = heartbeat;
        this.sessions = sessions;
        this.others = others;
        this.states = states;
        this.metrics = metrics;
    }

    @Scheduled(
            identity = "tokenkeep-reencryption",
            every = "{tokenkeep.encryption.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        try {
            if (heartbeat.first()) {
                show(states.all(reencrypted() > 0 ? BUSY : QUIET).keys());
            } else {
                metrics.show(List.of());
            }
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot re-encrypt rows");
        }
    }

    private int reencrypted() {
        KeyIds keys = cipher.keys();
        if (!heartbeat.agreed()) {
            return 0;
        }
        int done = keys.readable().stream()
                .filter(key -> !key.equals(keys.encrypting()))
                .mapToInt(former -> reencrypted(former, keys.encrypting()))
                .sum();
        metrics.reencrypted(done);
        return done;
    }

    private int reencrypted(String former, String encrypting) {
        return others.goOn(former) + sessions.goOn(former, encrypting);
    }

    private void show(List<KeyStates.Key> keys) {
        metrics.show(keys);
        Set<String> now = keys.stream()
                .filter(key -> key.state() == State.FILE_GONE)
                .map(key -> key.id() + " (" + key.rows() + " rows)")
                .collect(Collectors.toCollection(TreeSet::new));
        if (!now.isEmpty() && endangered.isEmpty()) {
            LOG.errorf(
                    "Rows still need keys whose files were removed: %s. Put the files back: this process can read these"
                            + " rows only until it exits",
                    String.join(", ", now));
        }
        endangered = now;
    }
}
