package dev.tokenkeep.signin;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.BegunSignIn.NextStep;
import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.signin.SignInAddress.Address;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Flow;
import dev.tokenkeep.signin.store.AuthorizationStore.Hosting;
import dev.tokenkeep.signin.store.AuthorizationStore.Means;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import dev.tokenkeep.time.Durations;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Begins sign-ins: makes the address to which the user's browser goes, and stores what the response must fit. */
@ApplicationScoped
public class SignInStart {

    private final SignInAddress addresses;
    private final NewAuthorizations authorizations;
    private final SignInSecrets secrets;
    private final ConnectAddress connect;
    private final DeviceSignInStart devices;
    private final Workers workers;

    SignInStart(
            SignInAddress addresses,
            NewAuthorizations authorizations,
            SignInSecrets secrets,
            ConnectAddress connect,
            DeviceSignInStart devices,
            Workers workers) {
        this.addresses = addresses;
        this.authorizations = authorizations;
        this.secrets = secrets;
        this.connect = connect;
        this.devices = devices;
        this.workers = workers;
    }

    /**
     * Begins a sign-in. Does not block.
     *
     * @throws SignInException also as the stage's failure
     */
    public CompletionStage<BegunSignIn> begin(ClientRegistration registration, SignInRequest request) {
        SignInParameters.check(registration, request.asked().scope(), request.parameters());
        Asked asked = request.asked().withScope(registration.signIn().scope());
        if (asked.flow() == Flow.DEVICE_CODE) {
            return devices.begin(registration, new SignInRequest(asked, request.parameters()));
        }
        var checked = new SignInRequest(
                asked.isHosted()
                        ? asked.withRedirectUri(connect.callback(RegistrationTemplate.base(registration.name())))
                        : asked,
                request.parameters());
        CompletionStage<Look.Found> endpoints = addresses.endpoints(registration);
        return asked.isHosted()
                ? endpoints.thenApplyAsync(found -> hosted(registration, found, checked), workers.goingOn())
                : endpoints.thenCompose(found -> own(registration, found, checked));
    }

    private CompletionStage<BegunSignIn> own(ClientRegistration registration, Look.Found found, SignInRequest request) {
        Secrets made = secrets.make(registration, request.asked().isOpenId());
        var authorization = new AuthorizationRequest(registration, request.asked(), made, request.parameters());
        return addresses
                .of(registration, found, authorization)
                .thenApplyAsync(
                        address -> {
                            String id = stored(registration, found, request, new Means.Browser(made, null));
                            return new BegunSignIn(
                                    id,
                                    expiresIn(address),
                                    new NextStep.OpenBrowser(
                                            address.uri(), made.state().reveal()));
                        },
                        workers.goingOn());
    }

    private Duration expiresIn(Address address) {
        Duration pushed = address.expiresIn();
        Duration lifetime = authorizations.lifetime();
        return pushed == null ? lifetime : Durations.shorter(pushed, lifetime);
    }

    /** The rest is made when the browser comes: a pushed request would be over by then (CONFORMANCE H10). */
    private BegunSignIn hosted(ClientRegistration registration, Look.Found found, SignInRequest request) {
        Secret ticket = secrets.secret();
        var means = new Means.Browser(secrets.make(registration, false), new Hosting(ticket, request.parameters()));
        String id = stored(registration, found, request, means);
        return new BegunSignIn(id, authorizations.lifetime(), new NextStep.OpenBrowser(connect.ticket(ticket), null));
    }

    private String stored(ClientRegistration registration, Look.Found found, SignInRequest request, Means means) {
        return authorizations.add(registration, request, found.server(registration), means, authorizations.lifetime());
    }
}
