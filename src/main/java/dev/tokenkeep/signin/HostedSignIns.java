package dev.tokenkeep.signin;

import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.RegistrationTemplate;
import dev.tokenkeep.signin.store.Authorization;
import dev.tokenkeep.signin.store.Authorization.Status;
import dev.tokenkeep.signin.store.AuthorizationStore;
import dev.tokenkeep.signin.store.AuthorizationStore.Secrets;
import dev.tokenkeep.signin.store.HostedAuthorizations;
import dev.tokenkeep.signin.store.HostedAuthorizations.Ticketed;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes browsers to the authorization server and back. The browser that comes back must be the one that began
 * (CONFORMANCE H14). The code is kept unspent until the caller confirms that its own user is at this browser: otherwise a
 * victim who follows an attacker's link would fill the attacker's session (CONFORMANCE H13).
 */
@ApplicationScoped
public class HostedSignIns {

    private final HostedAuthorizations hosted;
    private final AuthorizationStore store;
    private final ClientRegistrations registrations;
    private final SignInAddress addresses;
    private final SignInSecrets secrets;
    private final Workers workers;

    HostedSignIns(
            HostedAuthorizations hosted,
            AuthorizationStore store,
            ClientRegistrations registrations,
            SignInAddress addresses,
            SignInSecrets secrets,
            Workers workers) {
        this.hosted = hosted;
        this.store = store;
        this.registrations = registrations;
        this.addresses = addresses;
        this.secrets = secrets;
        this.workers = workers;
    }

    /**
     * What a browser is known by in one sign-in.
     *
     * @param posted whether the authorization server answers with a form
     */
    public record Binding(String authorization, Secret secret, boolean posted) {}

    /** What the browser is known by in a sign-in, by the sign-in's id; null if by nothing. */
    public interface Known {
        @Nullable
        Secret in(String authorization);
    }

    /** Where a browser goes next. */
    public sealed interface Next {

        /**
         * To another address.
         *
         * @param binding what this browser is known by from now on; null if that does not change
         */
        record Redirect(URI uri, @Nullable Binding binding) implements Next {

            @Override
            public String toString() {
                return "[redirect]";
            }
        }

        /** Nowhere. The code says why, for the log. */
        record Stop(String code) implements Next {}
    }

    /**
     * Takes a browser to the authorization server. Blocks on the database.
     *
     * @param known what it is known by, if it has begun this sign-in before
     */
    public CompletionStage<Next> begin(Secret ticket, Known known) {
        Optional<Ticketed> found = hosted.opened(ticket);
        if (found.isEmpty()) {
            return stop("unknown_ticket");
        }
        if (found.get().openedTooOften()) {
            return stop("opened_too_often");
        }
        Authorization authorization = found.get().authorization();
        Optional<ClientRegistration> registration =
                registrations.find(authorization.asked().registration());
        if (registration.isEmpty()) {
            return stop("registration_not_configured");
        }
        Secret before = known.in(authorization.id());
        Secret own = before == null ? secrets.secret() : before;
        Secrets made = secrets.make(registration.get(), authorization.asked().isOpenId());
        var request = new AuthorizationRequest(
                registration.get(), authorization.asked(), made, found.get().parameters());
        return addresses
                .endpoints(registration.get())
                .thenCompose(endpoints -> addresses.of(registration.get(), endpoints, request))
                .<Next>thenApplyAsync(
                        address -> hosted.bind(authorization.id(), made, own)
                                ? new Next.Redirect(
                                        address.uri(), new Binding(authorization.id(), own, isPosted(request)))
                                : new Next.Stop("unknown_ticket"),
                        workers.goingOn());
    }

    private static boolean isPosted(AuthorizationRequest request) {
        return "form_post".equals(request.parameters().get("response_mode"));
    }

    /**
     * Takes a browser back to the caller. Blocks on the database.
     *
     * @param query of the callback, or the form that was posted to it
     * @param known what the browser is known by
     */
    public CompletionStage<Next> back(String registrationName, String query, Known known) {
        Callback callback;
        try {
            callback = Callback.ofQuery(query);
        } catch (Callback.Unreadable e) {
            return stop(e.code());
        }
        Secret state = callback.state();
        Optional<Authorization> found = state == null ? Optional.empty() : hosted.byState(state);
        if (state == null
                || found.isEmpty()
                || !RegistrationTemplate.base(found.get().asked().registration())
                        .equals(registrationName)) {
            return stop("state_mismatch");
        }
        Authorization authorization = found.get();
        Secret browser = known.in(authorization.id());
        if (browser == null || !hosted.isBrowser(authorization.id(), browser)) {
            return stop("other_browser");
        }
        Optional<ClientRegistration> registration =
                registrations.find(authorization.asked().registration());
        if (registration.isEmpty()) {
            return stop("registration_not_configured");
        }
        return addresses
                .endpoints(registration.get())
                .thenApplyAsync(
                        endpoints -> {
                            String objection =
                                    ResponseCheck.objection(authorization, registration.get(), endpoints, callback);
                            return objection == null
                                    ? returned(authorization, state, callback)
                                    : new Next.Stop(objection);
                        },
                        workers.goingOn());
    }

    private Next returned(Authorization authorization, Secret state, Callback callback) {
        if (callback.error() != null && authorization.progress().status() == Status.AWAITING_CONFIRMATION) {
            return new Next.Stop("code_there_already");
        }
        if (callback.error() != null) {
            store.noteError(authorization.id(), callback.error());
            return toCaller(authorization, "error", callback.error());
        }
        if (callback.code() == null) {
            return new Next.Stop("code_missing");
        }
        Secret confirmation = secrets.secret();
        return hosted.keep(authorization.id(), state, callback.code(), confirmation)
                ? toCaller(authorization, "confirmation", confirmation.reveal())
                : new Next.Stop("state_mismatch");
    }

    private static Next toCaller(Authorization authorization, String name, String value) {
        String returnUri = Objects.requireNonNull(authorization.asked().returnUri());
        String query = "authorization=" + authorization.id() + "&" + name + "=" + value;
        return new Next.Redirect(URI.create(returnUri + (returnUri.contains("?") ? "&" : "?") + query), null);
    }

    private static CompletionStage<Next> stop(String code) {
        return CompletableFuture.completedFuture(new Next.Stop(code));
    }
}
