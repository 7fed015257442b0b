package dev.tokenkeep.rest.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.problem.Responses;
import dev.tokenkeep.signin.HostedSignIns;
import dev.tokenkeep.signin.HostedSignIns.Next;
import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The hosted callback: where users' browsers come. They have no JWT; their ticket, state and cookie are checked. */
@Path("/connect")
@PermitAll
@Blocking
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class ConnectResource {

    private final HostedSignIns signIns;

    ConnectResource(HostedSignIns signIns) {
        this.signIns = signIns;
    }

    @GET
    @Path("{ticket}")
    @Operation(hidden = true)
    public CompletionStage<Response> connect(@PathParam("ticket") String ticket, @Context HttpServerRequest request) {
        Secret known = BrowserCookie.secret(ticket).orElseThrow(ConnectPages.Unknown::new);
        return answered(signIns.begin(known, BrowserCookie.of(request)));
    }

    @GET
    @Path("{registration}/callback")
    @Operation(hidden = true)
    public CompletionStage<Response> callback(
            @PathParam("registration") String registration, @Context HttpServerRequest request) {
        // As it came: browsers leave characters in queries that a URI may not have.
        String query = Objects.requireNonNullElse(request.query(), "");
        return answered(signIns.back(registration, query, BrowserCookie.of(request)));
    }

    @POST
    @Path("{registration}/callback")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public CompletionStage<Response> postedCallback(
            @PathParam("registration") String registration, @Context HttpServerRequest request, InputStream form)
            throws IOException {
        // Anybody can post here, and any amount.
        byte[] bytes = form.readNBytes(AuthorizationCallback.MAX_LENGTH + 1);
        if (bytes.length > AuthorizationCallback.MAX_LENGTH) {
            return CompletableFuture.completedFuture(ConnectPages.stop("callback_too_long"));
        }
        return answered(signIns.back(registration, new String(bytes, UTF_8), BrowserCookie.of(request)));
    }

    private CompletionStage<Response> answered(CompletionStage<Next> next) {
        return Responses.atTheCall(next).thenApply(this::answer);
    }

    private Response answer(Next next) {
        if (next instanceof Next.Stop stop) {
            return ConnectPages.stop(stop.code());
        }
        var redirect = (Next.Redirect) next;
        // 303, so that a posted form is not posted on (RFC 9700 §4.12).
        var answer = ConnectPages.plain(303).header("Location", redirect.uri().toString());
        if (redirect.binding() != null) {
            answer.header("Set-Cookie", BrowserCookie.header(redirect.binding()));
        }
        return answer.build();
    }

    @ServerExceptionMapper
    public Response page(Throwable failure) {
        return ConnectPages.of(failure);
    }
}
