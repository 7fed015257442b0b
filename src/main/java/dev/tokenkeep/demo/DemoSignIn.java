package dev.tokenkeep.demo;

import dev.tokenkeep.BegunSignIn;
import dev.tokenkeep.BegunSignIn.NextStep.OpenBrowser;
import dev.tokenkeep.NewSignIn;
import dev.tokenkeep.SignInOutcome;
import dev.tokenkeep.SignIns;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.NewCookie.SameSite;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Signs a user of the demonstration's page in, as an application does with {@link SignIns}. */
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
@Blocking
@IfBuildProfile("dev")
class DemoSignIn {

    private static final String COOKIE = "tokenkeep-demo";
    private static final int MAX_SUBJECT = 64;

    private final SignIns signIns;
    private final DemoAddresses addresses;

    DemoSignIn(SignIns signIns, DemoAddresses addresses) {
        this.signIns = signIns;
        this.addresses = addresses;
    }

    @POST
    @Path("demo/connect")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response connect(@FormParam("subject") @Nullable String subject) {
        if (subject == null || subject.isBlank() || subject.length() > MAX_SUBJECT) {
            return Response.status(400).entity("Who signs in?").build();
        }
        BegunSignIn begun = signIns.begin(NewSignIn.withCallback("demo", subject.strip(), addresses.callback()));
        var browser = (OpenBrowser) begun.next();
        var cookie = new NewCookie.Builder(COOKIE)
                .value(begun.id() + "." + browser.state())
                .path("/demo")
                .httpOnly(true)
                .sameSite(SameSite.LAX)
                .build();
        return Response.seeOther(browser.uri()).cookie(cookie).build();
    }

    @GET
    @Path("demo/callback")
    public Response callback(
            @CookieParam(COOKIE) @Nullable String cookie,
            @QueryParam("state") @Nullable String state,
            @Context UriInfo uri) {
        String[] begun = cookie == null ? new String[0] : cookie.split("\\.", 2);
        if (begun.length < 2 || !begun[1].equals(state)) {
            return Response.status(400)
                    .entity("Another browser began this. Go back to the page and connect again.")
                    .build();
        }
        SignInOutcome outcome = signIns.complete(
                begun[0], addresses.callback() + "?" + uri.getRequestUri().getRawQuery());
        return outcome instanceof SignInOutcome.SignedIn
                ? Response.seeOther(URI.create(addresses.base() + "/")).build()
                : Response.status(400).entity("No session was kept: " + outcome).build();
    }
}
