package dev.tokenkeep.lifecycle;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.store.Clients;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.stream.Collectors;

/** Tells the database at start-up which registrations are the same client: one refresh token is kept under one of them. */
@Singleton
class ClientNames {

    private final ClientRegistrations registrations;
    private final Clients clients;

    ClientNames(ClientRegistrations registrations, Clients clients) {
        this.registrations = registrations;
        this.clients = clients;
    }

    void tell(@Observes StartupEvent event) {
        clients.tell(
                registrations.all().stream().collect(Collectors.toMap(ClientRegistration::name, ClientNames::client)));
    }

    /** A client id is its authorization server's (RFC 6749 §2.2). */
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
