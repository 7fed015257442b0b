package dev.tokenkeep.signin;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.BegunSignIn.NextStep;
import dev.tokenkeep.authorizationserver.DeviceAuthorizationEndpoint;
import dev.tokenkeep.authorizationserver.DeviceAuthorizationEndpoint.DeviceAuthorization;
import dev.tokenkeep.authorizationserver.SignInEndpoints.Look;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.device.DevicePollJob;
import dev.tokenkeep.signin.store.AuthorizationStore.Means;
import dev.tokenkeep.time.Durations;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Begins sign-ins whose user enters a code in any browser (RFC 8628 §3.1). */
@Singleton
class DeviceSignInStart {

    private static final Duration HARD_CAP = Duration.ofSeconds(10);
    /** A code that lives longer serves phishing more than users (CONFORMANCE H16). */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final SignInAddress addresses;
    private final DeviceAuthorizationEndpoint endpoint;
    private final NewAuthorizations authorizations;
    private final DevicePollJob polls;
    private final Workers workers;

    DeviceSignInStart(
            SignInAddress addresses,
            DeviceAuthorizationEndpoint endpoint,
            NewAuthorizations authorizations,
            DevicePollJob polls,
            Workers workers) {
        this.addresses = addresses;
        this.endpoint = endpoint;
        this.authorizations = authorizations;
        this.polls = polls;
        this.workers = workers;
    }

    /** Does not block. Fails with a {@link SignInException}. */
    CompletionStage<BegunSignIn> begin(ClientRegistration registration, SignInRequest request) {
        return addresses
                .device(registration)
                .thenCompose(found -> endpoint.authorize(
                                registration, found.deviceAuthorization(), parameters(registration, request), HARD_CAP)
                        .thenApply(reply -> SignInAddress.accepted(reply, "device authorization request"))
                        .thenApplyAsync(device -> stored(registration, found, request, device), workers.goingOn()));
    }

    private static Map<String, String> parameters(ClientRegistration registration, SignInRequest request) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put(
                registration.client().idParameter(), registration.client().id());
        if (request.asked().scope() != null) {
            parameters.put("scope", request.asked().scope());
        }
        parameters.putAll(registration.signIn().parameters());
        parameters.putAll(request.parameters());
        return parameters;
    }

    private BegunSignIn stored(
            ClientRegistration registration,
            Look.FoundDevice found,
            SignInRequest request,
            DeviceAuthorization device) {
        Duration lifetime = Durations.shorter(device.expiresIn(), LONGEST);
        String id = authorizations.add(
                registration,
                request,
                found.server(registration),
                new Means.Device(
                        device.deviceCode(), registration.accessTokens().newDpopKey(), device.interval()),
                lifetime);
        polls.soon(device.interval());
        URI complete = registration.signIn().verificationUriComplete() ? device.completeUri() : null;
        return new BegunSignIn(
                id,
                lifetime,
                new NextStep.EnterCode(
                        device.userCode().reveal(), device.verificationUri(), complete, device.interval()));
    }
}
