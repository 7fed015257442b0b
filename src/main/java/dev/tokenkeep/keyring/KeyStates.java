package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.replica.Replicas.Replica;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The keys as operators see them. All methods may block on the database. */
@ApplicationScoped
public class KeyStates {

    /** What a key is used for in this process. */
    public enum State {
        /** It encrypts and decrypts. */
        ENCRYPTS,
        /** It decrypts. */
        DECRYPTS,
        /** Its file was removed; it decrypts until the process ends. */
        FILE_GONE,
        /** Rows need it, and this process does not have it. */
        MISSING
    }

    /**
     * One key.
     *
     * @param rows how many rows it has encrypted
     * @param removable whether its file can be removed: no row needs it, and no replica encrypts with it
     */
    public record Key(String id, State state, long rows, boolean removable) {}

    /**
     * All keys.
     *
     * @param primary the key that the directory names
     * @param encrypting the key that encrypts
     * @param replicas how many are alive
     * @param replicasWithoutPrimary how many of them cannot read the primary key
     * @param rowsLeft how many rows other keys than the primary one have encrypted
     */
    public record Keys(
            String primary,
            String encrypting,
            int replicas,
            int replicasWithoutPrimary,
            long rowsLeft,
            List<Key> keys) {}

    private final TokenCipher cipher;
    private final KeyHeartbeat heartbeat;
    private final KeyCounts counts;

    KeyStates(TokenCipher cipher, KeyHeartbeat heartbeat, KeyCounts counts) {
        this.cipher = cipher;
        this.heartbeat = heartbeat;
        this.counts = counts;
    }

    /** Returns all keys, with row counts that are at most {@code age} old. */
    public Keys all(Duration age) {
        return states(cipher.keys(), heartbeat.live(), counts.notOlderThan(age));
    }

    static Keys states(KeyIds mine, List<Replica> live, Map<String, Long> rows) {
        var ids = new TreeSet<>(mine.readable());
        ids.addAll(rows.keySet());
        List<Key> keys = ids.stream()
                .map(id -> key(id, mine, live, rows.getOrDefault(id, 0L)))
                .filter(key -> key.state() != State.FILE_GONE || key.rows() > 0)
                .toList();
        int without = (int) live.stream()
                .filter(replica -> !replica.keyIds().contains(mine.primary()))
                .count();
        long left = keys.stream()
                .filter(key -> !key.id().equals(mine.primary()))
                .mapToLong(Key::rows)
                .sum();
        return new Keys(mine.primary(), mine.encrypting(), live.size(), without, left, keys);
    }

    private static Key key(String id, KeyIds mine, List<Replica> live, long rows) {
        boolean used = id.equals(mine.primary())
                || id.equals(mine.encrypting())
                || live.stream().anyMatch(replica -> replica.encryptsWith().equals(id));
        return new Key(
                id,
                state(id, mine),
                rows,
                !used && rows == 0 && mine.inDirectory().contains(id));
    }

    private static State state(String id, KeyIds mine) {
        if (!mine.readable().contains(id)) {
            return State.MISSING;
        }
        if (!mine.inDirectory().contains(id)) {
            return State.FILE_GONE;
        }
        return id.equals(mine.encrypting()) ? State.ENCRYPTS : State.DECRYPTS;
    }
}
