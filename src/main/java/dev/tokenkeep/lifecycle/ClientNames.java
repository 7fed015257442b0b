package dev.tokenkeep.lifecycle;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.session.store.Clients;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Stores which registrations use the same client, because one refresh token is stored under only one of
 * them.
 */
@Singleton
class ClientNames {

    private final ClientRegistrations registrations;
    private final Clients clients;

    ClientNames(ClientRegistrations registrations, Clients clients) {
        this.registrations = registrations;
        this.clients = clients;
    }

    void tell(@Observes StartupEvent event) {
        tell(registrations.all());
    }

    void tell(@Observes RegistrationsChanged changed) {
        tell(changed.names().stream()
                .flatMap(name -> registrations.find(name).stream())
                .toList());
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
