package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.replica.Replicas;
import dev.tokenkeep.replica.Replicas.Replica;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Checks the key directory, announces to the other replicas which keys this one can read, and switches to a new primary
 * key once all of them can read it. Does so for the first time before anything is served.
 */
@ApplicationScoped
class KeyHeartbeat {

    private static final Logger LOG = Logger.getLogger(KeyHeartbeat.class);
    /** After the check that the rows can be read, and before anything is encrypted. */
    private static final int CHECKED = 1100;

    private static final int STOP_PRIORITY = Integer.MAX_VALUE;

    private final TokenCipher cipher;
    private final Replicas replicas;
    private final boolean allowMissingKeys;
    private final UUID self = UUID.randomUUID();
    private volatile List<Replica> live = List.of();
    private volatile boolean over;

    KeyHeartbeat(TokenCipher cipher, Replicas replicas, EncryptionConfig config) {
        this.cipher = cipher;
        this.replicas = replicas;
        this.allowMissingKeys = config.allowMissingKeys() || LaunchMode.current() == LaunchMode.DEVELOPMENT;
    }

    void begin(@Observes @Priority(CHECKED) StartupEvent event) {
        announce(!allowMissingKeys);
    }

    @Scheduled(
            identity = "tokenkeep-keys",
            every = "{tokenkeep.encryption.every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void tick() {
        if (over) {
            return;
        }
        try {
            cipher.lookAgain();
            announce(false);
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot announce the keys of this replica to the others");
        }
    }

    private void announce(boolean refuseUnreadable) {
        KeyIds mine = cipher.keys();
        live = replicas.announce(self, mine.readable(), others -> {
            if (refuseUnreadable) {
                refuse(KeyAgreement.unreadable(mine, others));
            }
            return KeyAgreement.choice(mine, others);
        });
        String chosen = live.get(live.size() - 1).encryptsWith();
        cipher.encryptWith(chosen);
        if (!chosen.equals(mine.encrypting())) {
            LOG.infof("Tokens are now encrypted with key %s instead of %s", chosen, mine.encrypting());
        }
    }

    private static void refuse(List<String> unreadable) {
        if (!unreadable.isEmpty()) {
            throw new IllegalStateException(
                    "tokenkeep.encryption.keys: other replicas encrypt with keys that are not in"
                            + " this replica's key directory: " + String.join(", ", unreadable)
                            + ". Add these keys first, or set tokenkeep.encryption.allow-missing-keys=true");
        }
    }

    void end(@Observes @Priority(STOP_PRIORITY) ShutdownEvent event) {
        over = true;
        try {
            replicas.leave(self);
        } catch (RuntimeException e) {
            LOG.debugf("Cannot announce the stop to the other replicas; they notice it later: %s", e.getMessage());
        }
    }

    /** Returns all replicas that were alive recently, including this one. */
    List<Replica> live() {
        return live;
    }

    /** Returns whether they all encrypt with the same key. */
    boolean agreed() {
        return live.stream().map(Replica::encryptsWith).distinct().count() == 1;
    }

    /** Returns whether this replica does the work that only one should do; at times none or two may think so. */
    boolean first() {
        return replicas.first();
    }
}
