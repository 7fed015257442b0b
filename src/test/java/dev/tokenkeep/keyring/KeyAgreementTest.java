package dev.tokenkeep.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.keyring.KeyStates.Key;
import dev.tokenkeep.keyring.KeyStates.State;
import dev.tokenkeep.replica.Replicas.Replica;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyAgreementTest {

    private static final KeyIds ROTATING = new KeyIds("k2", "k1", Set.of("k1", "k2"), Set.of("k1", "k2"));

    @Test
    void aReplicaAloneUsesItsPrimaryKeyAtOnce() {
        assertThat(KeyAgreement.choice(ROTATING, List.of())).isEqualTo("k2");
    }

    @Test
    void aNewPrimaryWaitsForTheLastReplicaThatCantReadIt() {
        Replica ready = replica("k1", "k1", "k2");
        assertThat(KeyAgreement.choice(ROTATING, List.of(ready, replica("k1", "k1"))))
                .isEqualTo("k1");
        assertThat(KeyAgreement.choice(ROTATING, List.of(ready, ready))).isEqualTo("k2");
    }

    @Test
    void whoeverStartsWithANewPrimaryTakesTheKeyThatTheOthersUse() {
        var starting = new KeyIds("k2", "k2", Set.of("k1", "k2"), Set.of("k1", "k2"));
        assertThat(KeyAgreement.choice(starting, List.of(replica("k1", "k1")))).isEqualTo("k1");
    }

    @Test
    void theNewPrimaryIsUsedAtOnceWhereTheFormerKeyHasNoFile() {
        var removed = new KeyIds("k2", "k2", Set.of("k2"), Set.of("k1", "k2"));
        assertThat(KeyAgreement.choice(removed, List.of(replica("k1", "k1")))).isEqualTo("k2");
    }

    @Test
    void staysWithWhatItHasWhereNoKeyIsEverywhere() {
        assertThat(KeyAgreement.choice(ROTATING, List.of(replica("k3", "k3")))).isEqualTo("k1");
    }

    @Test
    void knowsWhichKeysOfTheOthersItCantRead() {
        assertThat(KeyAgreement.unreadable(ROTATING, List.of(replica("k1", "k1"), replica("k3", "k3"))))
                .containsExactly("k3");
    }

    @Test
    void aKeyCanGoOnceNoRowAndNoReplicaNeedsIt() {
        var rotated = new KeyIds("k2", "k2", Set.of("k1", "k2"), Set.of("k1", "k2"));
        Replica done = replica("k2", "k1", "k2");
        assertThat(key("k1", rotated, List.of(done), Map.of("k2", 5L)).removable())
                .isTrue();
        assertThat(key("k1", rotated, List.of(done), Map.of("k1", 1L)).removable())
                .isFalse();
        assertThat(key("k1", rotated, List.of(replica("k1", "k1", "k2")), Map.of())
                        .removable())
                .isFalse();
        assertThat(key("k2", rotated, List.of(done), Map.of()).removable()).isFalse();
    }

    @Test
    void tellsKeysThatRowsNeedAndThatHaveNoFile() {
        var mine = new KeyIds("k2", "k2", Set.of("k2"), Set.of("k1", "k2"));
        var rows = Map.of("k0", 3L, "k1", 2L, "k2", 1L);
        assertThat(key("k0", mine, List.of(), rows)).isEqualTo(new Key("k0", State.MISSING, 3, false));
        assertThat(key("k1", mine, List.of(), rows)).isEqualTo(new Key("k1", State.FILE_GONE, 2, false));
        assertThat(KeyStates.states(mine, List.of(replica("k1", "k1")), rows))
                .returns(5L, KeyStates.Keys::rowsLeft)
                .returns(1, KeyStates.Keys::replicasWithoutPrimary);
    }

    @Test
    void doesNoMoreRowsThanThePaceAllows() {
        var pace = new RowRateLimiter(1000, 0);
        assertThat(pace.allowed(0)).isEqualTo(1000);
        pace.spend(1000);
        assertThat(pace.allowed(0)).isZero();
        assertThat(pace.allowed(10_000_000)).isEqualTo(10);
        assertThat(pace.allowed(3_600_000_000_000L)).isEqualTo(5000);
    }

    private static Key key(String id, KeyIds mine, List<Replica> live, Map<String, Long> rows) {
        return KeyStates.states(mine, live, rows).keys().stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Replica replica(String encryptsWith, String... keyIds) {
        return new Replica(UUID.randomUUID(), Set.of(keyIds), encryptsWith);
    }
}
