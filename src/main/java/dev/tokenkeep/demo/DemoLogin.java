package dev.tokenkeep.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The page of the demonstration's authorization server where a user signs in and consents (RFC 6749 §4.1.1). */
@Path("/demo/as/authorize")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@Blocking
@IfBuildProfile("dev")
class DemoLogin {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Demo authorization server</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
              button { font: inherit; padding: .4rem 1.2rem; margin-right: .5rem }</style></head><body>
            <h1>Demo authorization server</h1>
            <p>The client <b>%s</b> wants to act in your name, also while you are not there.</p>
            <form method="post">
              <input type="hidden" name="redirect_uri" value="%s">
              <input type="hidden" name="state" value="%s">
              <input type="hidden" name="code_challenge" value="%s">
              <button name="consent" value="yes">Sign in and allow</button>
              <button name="consent" value="no">Deny</button>
            </form></body></html>
            """;

    private final DemoCodes codes;
    private final DemoAddresses addresses;

    DemoLogin(DemoCodes codes, DemoAddresses addresses) {
        this.codes = codes;
        this.addresses = addresses;
    }

    @GET
    public Response page(
            @QueryParam("client_id") @Nullable String client,
            @QueryParam("redirect_uri") @Nullable String redirectUri,
            @QueryParam("state") @Nullable String state,
            @QueryParam("code_challenge") @Nullable String challenge,
            @QueryParam("code_challenge_method") @Nullable String method) {
        if (!DemoCaller.NAME.equals(client)
                || !addresses.isCallback(redirectUri)
                || state == null
                || challenge == null
                || !"S256".equals(method)) {
            return Response.status(400)
                    .entity("This is not the request of a known client.")
                    .build();
        }
        return Response.ok(PAGE.formatted(
                        DemoCaller.NAME, addresses.callback(), DemoPage.escaped(state), DemoPage.escaped(challenge)))
                .build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response decide(
            @FormParam("redirect_uri") @Nullable String redirectUri,
            @FormParam("state") @Nullable String state,
            @FormParam("code_challenge") @Nullable String challenge,
            @FormParam("consent") @Nullable String consent) {
        if (!addresses.isCallback(redirectUri) || challenge == null) {
            return Response.status(400)
                    .entity("This is not the form of the page before.")
                    .build();
        }
        UriBuilder back = UriBuilder.fromUri(addresses.callback()).queryParam("state", state);
        URI address = "yes".equals(consent)
                ? back.queryParam("code", codes.issue(addresses.callback(), challenge))
                        .build()
                : back.queryParam("error", "access_denied").build();
        return Response.seeOther(address).build();
    }
}
