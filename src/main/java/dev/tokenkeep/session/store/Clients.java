package dev.tokenkeep.session.store;

import dev.tokenkeep.database.AsksDatabase;
import io.quarkus.hibernate.orm.PersistenceUnit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stores which client of which authorization server each registration is. Registrations that are no longer configured
 * stay: a refresh token belongs to its client and is stored only once, whatever the registration's name.
 */
@ApplicationScoped
public class Clients {

    private final EntityManager entityManager;

    Clients(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** @param clients by registration name, a text that is equal only for the same client */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void tell(Map<String, String> clients) {
        // Always in the same order, so that replicas that start together do not wait for each other.
        var ordered = new TreeMap<>(clients);
        entityManager
                .createNativeQuery("""
                        insert into tokenkeep_client (registration, client)
                        select t.registration, sha256(convert_to(t.client, 'UTF8'))
                        from unnest(cast(:registrations as text[]), cast(:clients as text[])) as t(registration, client)
                        on conflict (registration) do update set client = excluded.client
                        where tokenkeep_client.client <> excluded.client""")
                .setParameter("registrations", array(List.copyOf(ordered.keySet())))
                .setParameter("clients", array(List.copyOf(ordered.values())))
                .executeUpdate();
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
