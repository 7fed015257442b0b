package dev.tokenkeep.registration;

import dev.tokenkeep.telemetry.StartupMessages;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Logs the registrations at startup. Shows only the host of their endpoints, and no credentials. */
@Singleton
class RegistrationsStartupMessage {

    private static final Logger LOG = Logger.getLogger(RegistrationsStartupMessage.class);

    void tell(
            @Observes @Priority(StartupMessages.REGISTRATIONS) StartupEvent event, ClientRegistrations registrations) {
        LOG.info(text(registrations));
    }

    static String text(ClientRegistrations registrations) {
        return "Registrations: "
                + StartupMessages.listed(registrations.ofTheOperator().stream()
                        .sorted(Comparator.comparing(ClientRegistration::name))
                        .map(registration -> text(registration, registrations))
                        .toList());
    }

    private static String text(ClientRegistration registration, ClientRegistrations registrations) {
        URI issuer = registration.server().issuer();
        return registrations
                        .template(registration.name())
                        .map(RegistrationTemplate::pattern)
                        .orElse(registration.name())
                + (issuer == null
                        ? " (token endpoint at "
                                + host(Objects.requireNonNull(
                                        registration.server().tokenEndpoint()))
                        : " (issuer " + host(issuer))
                + ", " + registration.client().authentication().registeredName()
                + ", rotation "
                + registration.refreshTokens().rotation().kind().name().toLowerCase(Locale.ROOT) + ")";
    }

    private static String host(URI uri) {
        return RegistrationTemplate.readable(uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    }
}
