package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.rest.request.ApiEndpoint;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.resteasy.reactive.server.EndpointDisabled;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * The token endpoint for stock OAuth clients (RFC 8693). It hands out what {@code GET /v1/access-token} does, under the same
 * rules. {@link TokenEndpointFilter} has authenticated the caller before. No refresh token is exchanged or returned, so it works with any rotation.
 */
@Path(TokenEndpoint.PATH)
@PermitAll
@Blocking
@ApiEndpoint
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
@EndpointDisabled(name = "tokenkeep.exchange.enabled", stringValue = "false")
public class TokenExchangeResource {

    private final TokenExchange exchange;
    private final CurrentCall call;
    private final AuditTrail trail;
    private final Ticker ticker;

    TokenExchangeResource(TokenExchange exchange, CurrentCall call, AuditTrail trail, Ticker ticker) {
        this.exchange = exchange;
        this.call = call;
        this.trail = trail;
        this.ticker = ticker;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public CompletionStage<Response> exchangeToken(@Context RoutingContext http) {
        TokenRequest request = TokenRequest.of(http);
        TokenExchange.Read read = exchange.read(request);
        CallDetails audited = call.notedElsewhere();
        return Responses.atTheCall(read.token().thenCompose(token -> {
            if (!request.exchange().takes(token.scope())) {
                throw ExchangeError.of(
                        ExchangeError.INVALID_SCOPE,
                        "scope",
                        "is not that of the access token; a target can have a scope of its own.");
            }
            Response answer = Responses.ok(ExchangedToken.of(token));
            return trail.noteHandedOut(
                            audited.handedOut("exchangeToken", read.target(), token.version(), ticker.nanos()))
                    .thenApply(noted -> answer);
        }));
    }

    @ServerExceptionMapper
    public Response wrong(ExchangeError.Thrown failure) {
        return failure.error().response();
    }

    @ServerExceptionMapper
    public Response problem(Throwable failure, SimpleResourceInfo call) {
        Throwable plain = failure.getCause() instanceof ExchangeError.Thrown cause ? cause : failure;
        return plain instanceof ExchangeError.Thrown thrown
                ? thrown.error().response()
                : ExchangeError.of(ProblemMapper.of(plain, ProblemMapper.name(call)))
                        .response();
    }
}
