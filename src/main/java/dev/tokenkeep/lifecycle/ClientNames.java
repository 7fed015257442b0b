package dev.tokenkeep.lifecycle;

import dev.tokenkeep.database.DatabaseAway;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.session.store.Clients;
import dev.tokenkeep.session.upkeep.SessionsOfRegistration;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Stores which registrations use the same client, because one refresh token is stored under only one of
 * them.
 */
@Singleton
class ClientNames {

    private static final Logger LOG = Logger.getLogger(ClientNames.class);

    private final ClientRegistrations registrations;
    private final SessionsOfRegistration sessions;
    private final Clients clients;

    ClientNames(ClientRegistrations registrations, SessionsOfRegistration sessions, Clients clients) {
        this.registrations = registrations;
        this.sessions = sessions;
        this.clients = clients;
    }

    void tell(@Observes StartupEvent event) {
        learnCustomers();
        tell(registrations.all());
    }

    void tell(@Observes RegistrationsChanged changed) {
        tell(changed.names().stream()
                .flatMap(name -> registrations.find(name).stream())
                .toList());
    }

    /** Stores the name of a template's customer, before there is a session of it. */
    void used(ClientRegistration registration) {
        if (!registrations.names().contains(registration.name())) {
            tell(List.of(registration));
            registrations.addOfSessions(registration.name());
        }
    }

    /** Has this process know the customers of templates that have sessions, and no others. */
    @Scheduled(
            identity = "tokenkeep-customers",
            every = "30s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = DatabaseAway.class)
    void learn() {
        try {
            learnCustomers();
        } catch (RuntimeException e) {
            DatabaseFailure.log(LOG, e, "Cannot look for the customers of templates");
        }
    }

    private void learnCustomers() {
        if (registrations.hasTemplates()) {
            registrations.publishOfSessions(sessions.registrationsWith(RegistrationTemplate.SEPARATOR));
        }
    }

    private void tell(Collection<ClientRegistration> some) {
        clients.tell(some.stream().collect(Collectors.toMap(ClientRegistration::name, ClientNames::client)));
    }

    /**
     * Returns what identifies a client: its authorization server and its client ID, because a client ID is unique only
     * at its server (RFC 6749 §2.2).
     */
    private static String client(ClientRegistration registration) {
        URI server = registration.server().issuer() == null
                ? registration.server().tokenEndpoint()
                : registration.server().issuer();
        return withoutSlash(String.valueOf(server)) + "\n"
                + registration.client().id();
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }
}
