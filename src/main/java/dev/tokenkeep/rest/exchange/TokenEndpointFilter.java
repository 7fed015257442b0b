package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.caller.ExchangeConfig;
import dev.tokenkeep.caller.UserTokens;
import dev.tokenkeep.problem.Responses;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Does what may take long before a request to the token endpoint gets a thread of its own: authenticates the caller, reads
 * the form, and fetches the keys for the user's JWT. The resource is called once all of it is there, or is known to fail.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class TokenEndpointFilter {

    /** Quarkus decides at 200 how the header is to be authenticated. */
    private static final int AFTER_AUTHENTICATION = 50;

    private final ExchangeConfig config;
    private final CallerAuthentication authentication;
    private final FormReader forms;
    private final UserTokens users;

    TokenEndpointFilter(
            ExchangeConfig config, CallerAuthentication authentication, FormReader forms, UserTokens users) {
        this.config = config;
        this.authentication = authentication;
        this.forms = forms;
        this.users = users;
    }

    void register(@Observes Filters filters) {
        if (config.enabled()) {
            filters.register(this::prepare, AFTER_AUTHENTICATION);
        }
    }

    private void prepare(RoutingContext call) {
        if (!TokenEndpoint.isAt(call.normalizedPath())) {
            call.next();
            return;
        }
        var request = Responses.atTheCall(authentication.ofHeader(call)).thenCompose(identity -> read(call, identity));
        Responses.atTheCall(request).whenComplete((ready, failure) -> {
            // Otherwise nobody waits for an answer any more.
            if (!call.response().closed()) {
                TokenRequest.put(call, ready, failure);
                call.next();
            }
        });
    }

    private CompletionStage<TokenRequest> read(RoutingContext call, SecurityIdentity ofHeader) {
        String type = call.request().getHeader(HttpHeaders.CONTENT_TYPE);
        boolean isForm = type != null
                && type.split(";", 2)[0].strip().equalsIgnoreCase(MediaType.APPLICATION_FORM_URLENCODED)
                && HttpMethod.POST.equals(call.request().method());
        return isForm
                ? forms.read(call, ofHeader, form -> request(form, ofHeader, call))
                : CompletableFuture.failedFuture(ExchangeError.notAForm());
    }

    private CompletionStage<TokenRequest> request(ExchangeForm form, SecurityIdentity ofHeader, RoutingContext call) {
        return authentication.ofForm(form, ofHeader, call).thenCompose(identity -> {
            var caller = CallerAuthentication.permitted(identity, form.one("client_id"));
            var request = new TokenRequest(caller, ExchangeRequest.of(form));
            return (request.exchange().ofSession()
                            ? CompletableFuture.<Void>completedFuture(null)
                            : users.prepare(request.exchange().subjectToken()))
                    .thenApply(ready -> request);
        });
    }
}
