package dev.tokenkeep.replica;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The live replicas and their keys. They announce themselves one at a time: none decides on what another changes. */
@ApplicationScoped
public class Replicas {

    private static final long LOCK = 0x746f6b656e6b6b73L;

    /**
     * A replica that was seen recently.
     *
     * @param keyIds the keys that it can read
     * @param encryptsWith the key that it encrypts with
     */
    public record Replica(UUID id, Set<String> keyIds, String encryptsWith) {}

    private final EntityManager entityManager;
    private volatile boolean first;

    Replicas(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /**
     * Announces to the others that this replica is alive, and which keys it can read.
     *
     * @param choice chooses the key to encrypt with from now on, given the others; if it throws, nothing is announced
     * @return all live replicas, including this one
     */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public List<Replica> announce(UUID self, Collection<String> keyIds, Function<List<Replica>, String> choice) {
        entityManager
                .createNativeQuery("select 1 from (select pg_advisory_xact_lock(:lock)) locked", Integer.class)
                .setParameter("lock", LOCK)
                .getSingleResult();
        buryTheDead();
        List<Replica> others = others(self);
        String chosen = choice.apply(others);
        write(self, keyIds, chosen);
        var all = new ArrayList<>(others);
        all.add(new Replica(self, Set.copyOf(keyIds), chosen));
        first = all.stream()
                .map(Replica::id)
                .min(UUID::compareTo)
                .filter(self::equals)
                .isPresent();
        return List.copyOf(all);
    }

    /** Returns whether this replica does the work that only one should do; at times none or two may think so. */
    public boolean first() {
        return first;
    }

    private void buryTheDead() {
        entityManager
                .createNativeQuery(
                        "delete from tokenkeep_replica where seen_at < clock_timestamp() - interval '30 seconds'")
                .executeUpdate();
    }

    private List<Replica> others(UUID self) {
        List<?> found = entityManager
                .createNativeQuery("""
                        select id, array_to_string(key_ids, ' '), encrypts_with
                        from tokenkeep_replica where id <> :self order by id""", Object[].class)
                .setParameter("self", self)
                .getResultList();
        return found.stream().map(row -> replica((Object[]) row)).toList();
    }

    private static Replica replica(Object[] row) {
        return new Replica((UUID) row[0], Set.of(((String) row[1]).split(" ")), (String) row[2]);
    }

    private void write(UUID self, Collection<String> keyIds, String encryptsWith) {
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_replica (id, seen_at, key_ids, encrypts_with)
                        values (:self, clock_timestamp(), :keyIds, :encryptsWith)
                        on conflict (id) do update
                        set seen_at = excluded.seen_at, key_ids = excluded.key_ids,
                            encrypts_with = excluded.encrypts_with""")
                .setParameter("self", self)
                .setParameter("keyIds", keyIds.toArray(String[]::new))
                .setParameter("encryptsWith", encryptsWith)
                .executeUpdate();
    }

    /** Signs off this replica, so that nobody has to wait for it. */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void leave(UUID self) {
        first = false;
        entityManager
                .createNativeQuery("delete from tokenkeep_replica where id = :self")
                .setParameter("self", self)
                .executeUpdate();
    }
}
