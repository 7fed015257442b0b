package dev.tokenkeep.signin;

import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.SignInAddress.Address;
import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.signin.store.AuthorizationStore.Beginning;
import dev.tokenkeep.signin.store.AuthorizationStore.Hosting;
import dev.tokenkeep.signin.store.AuthorizationStore.Limits;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Begins sign-ins: makes the address to which the user's browser goes, and stores what the response must fit. */
@ApplicationScoped
public class SignInStart {

    /** Once so many have begun, some end soon. */
    private static final Duration TOO_MANY_RETRY_AFTER = Duration.ofMinutes(1);

    private final SignInAddress addresses;
    private final AuthorizationStore store;
    private final SignInSecrets secrets;
    private final SignInConfig config;
    private final ConnectAddress connect;
    private final Workers workers;

    SignInStart(
            SignInAddress addresses,
            AuthorizationStore store,
            SignInSecrets secrets,
            SignInConfig config,
            ConnectAddress connect,
            Workers workers) {
        this.addresses = addresses;
        this.store = store;
        this.secrets = secrets;
        this.config = config;
        this.connect = connect;
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
        var checked = new SignInRequest(
                asked.isHosted() ? asked.withRedirectUri(connect.callback(registration.name())) : asked,
                request.parameters());
        CompletionStage<Look.Found> endpoints = addresses.endpoints(registration);
        return asked.isHosted()
                ? endpoints.thenApplyAsync(found -> hosted(registration, found, checked), workers.goingOn())
                : endpoints.thenCompose(found -> own(registration, found, checked));
    }

    private CompletionStage<BegunSignIn> own(ClientRegistration registration, Look.Found found, SignInRequest request) {
        Secrets made = secrets.make(request.asked().isOpenId());
        var authorization = new AuthorizationRequest(registration, request.asked(), made, request.parameters());
        return addresses
                .of(registration, found, authorization)
                .thenApplyAsync(
                        address -> {
                            String id = stored(registration, found, request, made, null);
                            return new BegunSignIn(id, address.uri(), made.state(), expiresIn(address));
                        },
                        workers.goingOn());
    }

    private Duration expiresIn(Address address) {
        Duration pushed = address.expiresIn();
        return pushed != null && pushed.compareTo(config.lifetime()) < 0 ? pushed : config.lifetime();
    }

    /** The rest is made when the browser comes: a pushed request would be over by then (CONFORMANCE H10). */
    private BegunSignIn hosted(ClientRegistration registration, Look.Found found, SignInRequest request) {
        Secret ticket = secrets.secret();
        String id =
                stored(registration, found, request, secrets.make(false), new Hosting(ticket, request.parameters()));
        return new BegunSignIn(id, connect.ticket(ticket), null, config.lifetime());
    }

    private String stored(
            ClientRegistration registration,
            Look.Found found,
            SignInRequest request,
            Secrets made,
            @Nullable Hosting hosting) {
        String id = secrets.id();
        var checks =
                SignInParameters.checks(registration, request.parameters(), SignInAddress.server(registration, found));
        boolean added = store.add(
                new Beginning(id, request.asked(), checks, made, hosting),
                config.lifetime(),
                new Limits(config.maxPending(), config.maxPendingOfSubject()));
        if (!added) {
            throw SignInException.tooMany(TOO_MANY_RETRY_AFTER);
        }
        return id;
    }
}
