package com.example.shop;

import dev.tokenkeep.BegunSignIn.NextStep.OpenBrowser;
import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.SignInOutcome.SignedIn;
import dev.tokenkeep.SignIns;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.NewCookie.SameSite;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Connects the shop's users with their accounts at the payment provider. */
@Path("/payments")
public class PaymentsSignIn {

    @Inject
    SignIns signIns;

    @ConfigProperty(name = "tokenkeep.sign-in.redirect-uris")
    String callback;

    @GET
    @Path("/sign-in")
    public Response begin(@Context SecurityContext shop) {
        var begun = signIns.begin(NewSignIn.withCallback("payments", user(shop), callback));
        var browser = (OpenBrowser) begun.next();
        var cookie = new NewCookie.Builder("__Host-payments")
                .value(begun.id() + "." + browser.state())
                .path("/")
                .secure(true)
                .httpOnly(true)
                .sameSite(SameSite.LAX)
                .maxAge((int) begun.expiresIn().toSeconds())
                .build();
        return Response.seeOther(browser.uri()).cookie(cookie).build();
    }

    @GET
    @Path("/callback")
    public Response complete(
            @CookieParam("__Host-payments") @DefaultValue("") String cookie,
            @QueryParam("state") @DefaultValue("") String state,
            @Context UriInfo uri) {
        int dot = cookie.indexOf('.');
        // The browser that began, and no other.
        if (dot < 0 || state.isEmpty() || !cookie.substring(dot + 1).equals(state)) {
            return Response.status(400).entity("Please begin again.").build();
        }
        String address = callback + "?" + uri.getRequestUri().getRawQuery();
        SignInOutcome outcome = signIns.complete(cookie.substring(0, dot), address);
        if (outcome instanceof SignedIn signedIn) {
            return Response.ok(signedIn.sessionId()).build();
        }
        return Response.status(400).entity("That did not work: " + outcome).build();
    }

    private static String user(SecurityContext shop) {
        return shop.getUserPrincipal() == null ? "guest" : shop.getUserPrincipal().getName();
    }
}
