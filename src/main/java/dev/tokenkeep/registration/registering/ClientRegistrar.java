package dev.tokenkeep.registration.registering;

import dev.tokenkeep.authorizationserver.metadata.MetadataRequest;
import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.http.PublicAddresses;
import dev.tokenkeep.registration.ClientAuthenticationMethod;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.added.RegistrationChange;
import dev.tokenkeep.registration.added.RegistrationChanges;
import dev.tokenkeep.registration.registering.ClientRegistrationResult.Done;
import dev.tokenkeep.registration.registering.ClientRegistrationResult.Invalid;
import dev.tokenkeep.registration.registering.ClientRegistrationResult.Refused;
import dev.tokenkeep.registration.registering.ClientRegistrationResult.Unavailable;
import dev.tokenkeep.registration.registering.RegistrationEndpoint.Reply;
import dev.tokenkeep.registration.settings.RegistrationReader;
import dev.tokenkeep.settings.EndpointCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Adds registrations whose client does not exist yet: registers it at the authorization server first. All that can be
 * checked is checked before, because nobody removes a client there that is not used.
 */
@ApplicationScoped
public class ClientRegistrar {

    private static final Logger LOG = Logger.getLogger(ClientRegistrar.class);

    private static final String ID = "client-id";
    private static final String SECRET = "client-secret";
    private static final String AUTHENTICATION = "client-authentication";
    private static final String ISSUER = "settings.issuer";
    private static final String ENDPOINT = "register_client.registration_endpoint";
    /** In the place of an id and a secret, so that all other settings can be checked. Long enough for any algorithm. */
    private static final String TO_COME = "not-registered-yet".repeat(4);

    private final RegistrationChanges changes;
    private final RegistrationReader reader;
    private final PublicAddresses addresses;
    private final MetadataRequest metadata;
    private final RegistrationEndpoint endpoint;

    ClientRegistrar(
            RegistrationChanges changes,
            RegistrationReader reader,
            PublicAddresses addresses,
            MetadataRequest metadata,
            RegistrationEndpoint endpoint) {
        this.changes = changes;
        this.reader = reader;
        this.addresses = addresses;
        this.metadata = metadata;
        this.endpoint = endpoint;
    }

    /**
     * What is to be added.
     *
     * @param settings without a client
     * @param planned the same as a registration, with another client in the place of the new one
     */
    private record Plan(
            String name, Map<String, String> settings, NewClient client, ClientRegistration planned, String by) {

        Duration hardCap() {
            return Objects.requireNonNullElse(planned.limits().hardCap(), HttpSender.MAX_SIDE_REQUEST);
        }
    }

    /**
     * Registers a client, and adds a registration with it. Blocks until the authorization server has answered.
     *
     * @param settings by their keys below {@code tokenkeep.registrations.<name>}, without a client
     * @param by the caller's name
     */
    public ClientRegistrationResult put(String name, Map<String, String> settings, NewClient client, String by) {
        Optional<RegistrationChange> objection = changes.objection(name);
        if (objection.isPresent()) {
            return new Done(objection.get(), null);
        }
        Optional<Invalid> wrong = wrong(settings, client);
        if (wrong.isPresent()) {
            return wrong.get();
        }
        RegistrationReader.Read read = planned(name, settings);
        ClientRegistration planned = read.registration();
        return planned == null
                ? new Done(new RegistrationChange.Invalid(read.violations()), null)
                : registered(new Plan(name, settings, client, planned, by));
    }

    /** Only these need nothing that a caller cannot give: no key, and no certificate. */
    private static boolean isSupported(ClientAuthenticationMethod method) {
        return method.needsSecret() || method == ClientAuthenticationMethod.NONE;
    }

    private Optional<Invalid> wrong(Map<String, String> settings, NewClient client) {
        String method = settings.get(AUTHENTICATION);
        if (method != null
                && ClientAuthenticationMethod.of(method)
                        .filter(ClientRegistrar::isSupported)
                        .isEmpty()) {
            return Optional.of(
                    new Invalid(
                            "settings." + AUTHENTICATION,
                            "with register_client it must be client_secret_basic, client_secret_post, client_secret_jwt or none"));
        }
        return Optional.ofNullable(client.endpoint())
                .flatMap(uri -> EndpointCheck.objection(uri).or(() -> addresses.objection(URI.create(uri))))
                .map(why -> new Invalid(ENDPOINT, why));
    }

    private RegistrationReader.Read planned(String name, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put(ID, TO_COME);
        all.put(SECRET, TO_COME);
        RegistrationReader.Read read = reader.read(name, all);
        if (!read.violations().containsKey(SECRET)) {
            return read;
        }
        // A public client has none.
        all.remove(SECRET);
        return reader.read(name, all);
    }

    private ClientRegistrationResult registered(Plan plan) {
        if (plan.planned().server().issuer() == null) {
            return registered(plan, ServerMetadata.NONE);
        }
        MetadataRequest.Answer answer = Stages.joined(metadata.send(plan.planned(), plan.hardCap()));
        if (answer instanceof MetadataRequest.Answer.Metadata found) {
            return registered(plan, ServerMetadata.of(found.json()));
        }
        String code = ((MetadataRequest.Answer.Failed) answer).code();
        return switch (code) {
            case MetadataRequest.MISMATCH -> new Invalid(ISSUER, "its metadata names another issuer");
            case ConnectFailure.ADDRESS_NOT_ALLOWED -> notAllowed(ISSUER);
            default -> new Unavailable(code, null);
        };
    }

    private static Invalid notAllowed(String member) {
        return new Invalid(member, Objects.requireNonNull(ConnectFailure.sentence(ConnectFailure.ADDRESS_NOT_ALLOWED)));
    }

    private ClientRegistrationResult registered(Plan plan, ServerMetadata server) {
        if (plan.planned().server().tokenEndpoint() == null && !server.hasTokenEndpoint()) {
            return new Invalid(ISSUER, "its metadata has no usable token endpoint");
        }
        Optional<URI> where =
                Optional.ofNullable(plan.client().endpoint()).map(URI::create).or(server::registration);
        if (where.isEmpty()) {
            return new Invalid(ENDPOINT, "is required: the metadata of the authorization server has no usable one");
        }
        ClientAuthenticationMethod method = method(plan, server);
        Reply reply = Stages.joined(endpoint.register(
                plan.planned(),
                where.get(),
                plan.client().initialAccessToken(),
                ClientMetadata.of(plan.client(), plan.planned(), method, server),
                plan.hardCap()));
        if (reply instanceof Reply.Registered registered) {
            return stored(plan, registered.client(), method);
        }
        return reply instanceof Reply.Failed failed
                ? failed.why()
                : notAllowed(plan.client().endpoint() == null ? ISSUER : ENDPOINT);
    }

    private static ClientAuthenticationMethod method(Plan plan, ServerMetadata server) {
        ClientAuthenticationMethod method = plan.planned().client().authentication();
        boolean byPost = method == ClientAuthenticationMethod.CLIENT_SECRET_BASIC
                && !plan.settings().containsKey(AUTHENTICATION)
                && !server.takes(method)
                && server.takes(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return byPost ? ClientAuthenticationMethod.CLIENT_SECRET_POST : method;
    }

    private ClientRegistrationResult stored(Plan plan, IssuedClient issued, ClientAuthenticationMethod asked) {
        Optional<ClientAuthenticationMethod> method = issued.method() == null
                ? Optional.of(asked)
                : ClientAuthenticationMethod.of(issued.method()).filter(ClientRegistrar::isSupported);
        if (method.isEmpty()) {
            return unusable(plan, issued, "client_authentication_not_supported");
        }
        var settings = new HashMap<>(plan.settings());
        settings.put(ID, issued.id());
        settings.put(AUTHENTICATION, method.get().registeredName());
        if (method.get().needsSecret()) {
            if (issued.secret() == null) {
                return unusable(plan, issued, "client_secret_missing");
            }
            settings.put(SECRET, issued.secret().reveal());
        }
        return stored(plan, issued, settings);
    }

    private ClientRegistrationResult stored(Plan plan, IssuedClient issued, Map<String, String> settings) {
        RegistrationChange change;
        try {
            change = changes.putRegistered(plan.name(), settings, plan.by());
        } catch (RuntimeException e) {
            tellUnused(plan, issued);
            throw e;
        }
        if (change instanceof RegistrationChange.Invalid) {
            return unusable(plan, issued, "client_not_usable");
        }
        if (!(change instanceof RegistrationChange.Put)) {
            tellUnused(plan, issued);
        }
        return new Done(change, settings.containsKey(SECRET) ? issued.secretExpiresAt() : null);
    }

    private static Refused unusable(Plan plan, IssuedClient issued, String code) {
        tellUnused(plan, issued);
        return new Refused(code);
    }

    private static void tellUnused(Plan plan, IssuedClient issued) {
        LOG.warnf(
                "Registration %s: the authorization server has registered the client %s for it, but the registration was"
                        + " not stored. Unless a registration uses this client, delete it there",
                plan.name(), PrintableText.printable(issued.id()));
    }
}
