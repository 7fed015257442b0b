package dev.tokenkeep.signin;

import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationRule;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/**
 * The clients whose ID is the address of their metadata: an authorization server reads them there, so that nobody has to
 * register the client (draft-ietf-oauth-client-id-metadata-document). Their metadata are public, so they have no secret.
 */
@Singleton
@Startup(ConfigViolations.CHECKED)
public class PublishedClients implements RegistrationRule {

    private static final Set<ClientAuthenticationMethod> METHODS =
            Set.of(ClientAuthenticationMethod.NONE, ClientAuthenticationMethod.PRIVATE_KEY_JWT);

    private final ClientRegistrations registrations;
    private final ConnectAddress addresses;

    PublishedClients(ClientRegistrations registrations, ConnectAddress addresses) {
        this.registrations = registrations;
        this.addresses = addresses;
        var violations = new ConfigViolations();
        registrations.ofTheOperator().forEach(registration -> check(registration, violations));
        violations.throwIfAny();
    }

    /** Finds the registration of this name, if the metadata of its client are published. */
    public Optional<ClientRegistration> find(String name) {
        return registrations
                .find(name)
                .or(() -> registrations.template(name).map(RegistrationTemplate::blank))
                .filter(this::isPublished);
    }

    @Override
    public void check(ClientRegistration registration, ConfigViolations violations) {
        violations.addIf(
                isPublished(registration)
                        && !METHODS.contains(registration.client().authentication()),
                "tokenkeep.registrations." + registration.name() + ".client-authentication",
                "must be none or private_key_jwt with this client-id: the authorization server reads what it knows of the"
                        + " client from this address, and no secret is published there");
    }

    private boolean isPublished(ClientRegistration registration) {
        return addresses.isMetadata(registration.name(), registration.client().id());
    }
}
