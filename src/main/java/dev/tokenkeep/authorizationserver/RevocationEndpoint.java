package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.authorizationserver.ClientRequests.Request;
import dev.tokenkeep.authorizationserver.RevocationOutcome.Kind;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends one revocation request for a refresh token (RFC 7009). */
@ApplicationScoped
public class RevocationEndpoint {

    /** Refusals that are not about the token. Another try may succeed. */
    private static final Set<Integer> PASSING_STATUS = Set.of(401, 408, 425, 429);

    private static final Set<String> PASSING_ERRORS =
            Set.of("invalid_client", "unauthorized_client", "temporarily_unavailable", "too_many_requests");

    /** A request is given up after this time, whatever the hard cap. It is simply sent again. */
    public static final Duration MAX_DURATION = HttpSender.MAX_SIDE_REQUEST;

    private final Endpoints endpoints;
    private final ClientRequests requests;

    RevocationEndpoint(Endpoints endpoints, ClientRequests requests) {
        this.endpoints = endpoints;
        this.requests = requests;
    }

    /**
     * Revokes a refresh token. Never blocks and never completes exceptionally. Gives up if the registration has no
     * revocation endpoint.
     */
    public CompletionStage<RevocationOutcome> revoke(
            ClientRegistration registration, Secret refreshToken, Duration hardCap) {
        return endpoints.revocationEndpoint(registration, hardCap).thenCompose(found -> {
            if (found.uri().isEmpty()) {
                return CompletableFuture.completedFuture(
                        found.none()
                                ? new RevocationOutcome(Kind.GIVEN_UP, "no_revocation_endpoint", null)
                                : new RevocationOutcome(Kind.RETRY, found.code(), null));
            }
            var form = Map.of("token", refreshToken.reveal(), "token_type_hint", "refresh_token");
            return requests.send(registration, Request.form(found.uri().get(), form), null, hardCap)
                    .thenApply(RevocationEndpoint::outcome);
        });
    }

    /**
     * Reads the response. A 200 also means that the token was not known (RFC 7009 §2.2). After a 503 the token still
     * exists (§2.2.1).
     */
    private static RevocationOutcome outcome(HttpResult answer) {
        if (!(answer instanceof HttpResult.Response response)) {
            return new RevocationOutcome(Kind.RETRY, "no_answer", null);
        }
        int status = response.status();
        if (status >= 200 && status < 300) {
            return new RevocationOutcome(Kind.REVOKED, "http_" + status, null);
        }
        String code = response.errorCode().orElse("http_" + status);
        return status >= 500 || PASSING_STATUS.contains(status) || PASSING_ERRORS.contains(code)
                ? new RevocationOutcome(Kind.RETRY, code, response.retryAfter())
                : new RevocationOutcome(Kind.GIVEN_UP, code, null);
    }
}
