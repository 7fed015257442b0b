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
 * Which client of which authorization server each registration is. Those that are configured nowhere any more stay: a refresh
 * token is its client's, and is kept once, whatever name the client went by.
 */
@ApplicationScoped
public class Clients {

    private final EntityManager entityManager;

    Clients(@PersistenceUnit("tokenkeep") EntityManager entityManager) {
        this.entityManager = entityManager;
    }

    /** @param clients by the registration's name, something that is the same for the same client alone */
    @AsksDatabase
    @Transactional(TxType.REQUIRES_NEW)
    public void tell(Map<String, String> clients) {
        // In one order, so that replicas that start together don't wait for each other.
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
