package com.example.shop;

import dev.tokenkeep.BegunSignIn.NextStep.OpenBrowser;
import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.SignInOutcome.InProgress;
import dev.tokenkeep.SignInOutcome.SignedIn;
import dev.tokenkeep.SignInOutcome.Unavailable;
import dev.tokenkeep.SignIns;
import jakarta.inject.Inject;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.NewCookie.SameSite;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
        String user = user(shop);
        var begun = signIns.begin(NewSignIn.withCallback("payments", user, callback));
        var browser = (OpenBrowser) begun.next();
        var cookie = new NewCookie.Builder("__Host-payments")
                .value(String.join(".", begun.id(), browser.state(), encoded(user)))
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
            @Context SecurityContext shop,
            @Context UriInfo uri) {
        String[] begun = cookie.split("\\.");
        // The browser that began and no other, and the user who began and no other.
        if (begun.length != 3 || !begun[1].equals(state) || !begun[2].equals(encoded(user(shop)))) {
            return Response.status(400).entity("Please begin again.").build();
        }
        String address = callback + "?" + uri.getRequestUri().getRawQuery();
        SignInOutcome outcome = signIns.complete(begun[0], address);
        if (outcome instanceof SignedIn signedIn) {
            return Response.ok(signedIn.sessionId()).build();
        }
        if (outcome instanceof InProgress || outcome instanceof Unavailable) {
            // Nothing is lost. The browser loads the same address again.
            return Response.status(503).header("Retry-After", 5).header("Refresh", 5).build();
        }
        return Response.status(400).entity("That did not work: " + outcome).build();
    }

    private static String user(SecurityContext shop) {
        if (shop.getUserPrincipal() == null) {
            throw new NotAuthorizedException("Bearer");
        }
        return shop.getUserPrincipal().getName();
    }

    private static String encoded(String user) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }
}
