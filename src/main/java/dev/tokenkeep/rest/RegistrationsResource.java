package dev.tokenkeep.rest;

import dev.tokenkeep.refresh.RegistrationStates;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Shows operators where each registration stands, and ends its pause. */
@Path("/v1/registrations")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class RegistrationsResource {

    private final RegistrationStates states;
    private final SecurityIdentity identity;

    RegistrationsResource(RegistrationStates states, SecurityIdentity identity) {
        this.states = states;
        this.identity = identity;
    }

    @GET
    @PermissionsAllowed("sessions:admin")
    public Response list() {
        return Answers.answer(() -> {
            Caller caller = Caller.of(identity);
            return Answers.json(
                    200,
                    Views.registrations(states.all().stream()
                            .filter(state -> caller.mayUse(state.name()))
                            .toList()));
        });
    }

    @POST
    @Path("/{name}/resume")
    @PermissionsAllowed("sessions:admin")
    public Response resume(@PathParam("name") String name) {
        return Answers.answer(() -> {
            if (!Caller.of(identity).mayUse(name) || !states.resume(name)) {
                throw new ProblemException(Problem.of(
                        404,
                        "registration-not-found",
                        "There is no such registration",
                        "No registration that this caller may use has this name."));
            }
            return Answers.noContent();
        });
    }
}
