package dev.tokenkeep.registration;

import dev.tokenkeep.telemetry.StartupLine;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Tells the registrations at start-up: of their endpoints the host alone, and nothing of what they authenticate with. */
@Singleton
class RegistrationsLine {

    private static final Logger LOG = Logger.getLogger(RegistrationsLine.class);

    void tell(@Observes @Priority(StartupLine.REGISTRATIONS) StartupEvent event, ClientRegistrations registrations) {
        LOG.info(text(registrations));
    }

    static String text(ClientRegistrations registrations) {
        return "Registrations: "
                + StartupLine.listed(registrations.all().stream()
                        .sorted(Comparator.comparing(ClientRegistration::name))
                        .map(RegistrationsLine::text)
                        .toList());
    }

    private static String text(ClientRegistration registration) {
        URI issuer = registration.issuer();
        return registration.name()
                + (issuer == null
                        ? " (token endpoint at " + host(Objects.requireNonNull(registration.tokenEndpoint()))
                        : " (issuer " + host(issuer))
                + ", " + registration.clientAuthentication().registeredName()
                + ", rotation " + registration.rotation().kind().name().toLowerCase(Locale.ROOT) + ")";
    }

    private static String host(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
