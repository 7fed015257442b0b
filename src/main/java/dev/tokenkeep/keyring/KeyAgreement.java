package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.replica.Replicas.Replica;
import java.util.List;
import java.util.stream.Stream;

/** Chooses a replica's encrypting key: one that all live replicas can read, preferably its own primary key. */
final class KeyAgreement {

    private KeyAgreement() {}

    /**
     * Falls back to the key that it has been encrypting with, as long as that has a file, and otherwise to its primary
     * key, since nothing else can encrypt then.
     */
    static String choice(KeyIds mine, List<Replica> others) {
        return Stream.concat(
                        Stream.of(mine.primary(), mine.encrypting()),
                        others.stream().map(Replica::encryptsWith).sorted())
                .filter(mine.inDirectory()::contains)
                .filter(key -> others.stream().allMatch(other -> other.keyIds().contains(key)))
                .findFirst()
                .orElse(mine.encrypting());
    }

    /** Returns keys that others encrypt with and this replica cannot read. */
    static List<String> unreadable(KeyIds mine, List<Replica> others) {
        return others.stream()
                .map(Replica::encryptsWith)
                .filter(key -> !mine.readable().contains(key))
                .distinct()
                .sorted()
                .toList();
    }
}
