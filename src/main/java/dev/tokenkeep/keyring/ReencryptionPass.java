package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.EncryptionConfig;
import dev.tokenkeep.session.store.Reencryption;
import dev.tokenkeep.session.store.Reencryption.Batch;
import dev.tokenkeep.time.Ticker;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Goes through the sessions of a former key, ordered by id, in batches and no faster than allowed. The next pass tries
 * skipped sessions again: those that were being refreshed or could not be decrypted. For one thread at a time.
 */
@Singleton
class ReencryptionPass {

    private static final Logger LOG = Logger.getLogger(ReencryptionPass.class);
    private static final int BATCH = 100;
    private static final int MAX_REPORTED = 1000;
    /** The wait before another pass if the last one changed nothing. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final Reencryption reencryption;
    private final Ticker ticker;
    private final RowRateLimiter limiter;
    private final Map<String, Position> positions = new HashMap<>();
    private final Set<String> reported = new HashSet<>();
    private String target = "";

    /** Where a pass is, whether it has changed anything, and when it continues. */
    private record Position(String after, boolean worked, long notBefore) {}

    ReencryptionPass(Reencryption reencryption, Ticker ticker, EncryptionConfig config) {
        this.reencryption = reencryption;
        this.ticker = ticker;
        this.limiter = new RowRateLimiter(config.reencryptionRate(), ticker.nanos());
    }

    /** Re-encrypts as many sessions of a former key as allowed now, within this pass. Returns how many. */
    int goOn(String former, String encrypting) {
        if (!encrypting.equals(target)) {
            positions.clear();
            target = encrypting;
        }
        int done = 0;
        Batch batch;
        do {
            long now = ticker.nanos();
            Position position = positions.getOrDefault(former, new Position("", false, now));
            int limit = Math.min(BATCH, limiter.allowed(now));
            if (limit == 0 || position.notBefore() - now > 0) {
                return done;
            }
            batch = reencryption.read(former, position.after(), limit);
            limiter.spend(batch.size());
            int written = reencryption.write(batch);
            batch.unopened().forEach(id -> report(id, former));
            positions.put(former, next(position, batch, written));
            done += written;
        } while (batch.last() != null);
        return done;
    }

    private Position next(Position position, Batch batch, int written) {
        String last = batch.last();
        if (last != null) {
            return new Position(last, position.worked() || written > 0, position.notBefore());
        }
        return new Position("", false, ticker.nanos() + (position.worked() ? 0 : REST.toNanos()));
    }

    private void report(String id, String former) {
        if (reported.size() < MAX_REPORTED && reported.add(id)) {
            LOG.errorf("Cannot re-encrypt session %s: its tokens cannot be decrypted with key %s", id, former);
        }
    }
}
