package dev.tokenkeep.rest;

import dev.tokenkeep.refresh.KeptSessions;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.session.Registered;
import dev.tokenkeep.session.Registered.Existing;
import dev.tokenkeep.session.Registered.Stored;
import dev.tokenkeep.session.SessionQuery;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Set;

/** Registers, shows, lists, replaces and removes sessions. */
@Path("/v1/sessions")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class SessionsResource {

    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_NAME = 64;

    private final KeptSessions sessions;
    private final OwnSessions own;
    private final ClientRegistrations registrations;
    private final SecurityIdentity identity;

    SessionsResource(
            KeptSessions sessions, OwnSessions own, ClientRegistrations registrations, SecurityIdentity identity) {
        this.sessions = sessions;
        this.own = own;
        this.registrations = registrations;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed("sessions:write")
    public Response register(byte[] body) {
        return Answers.answer(() -> {
            Caller caller = Caller.of(identity);
            var request = RequestBody.read(body, Set.of("registration", "subject", "token_response"));
            String registration = registration(caller, request.text("registration", LONGEST_NAME));
            String subject = request.text("subject", LONGEST_SUBJECT);
            return registered(sessions.register(registration, subject, caller.name(), request.tokenResponse()), true);
        });
    }

    private String registration(Caller caller, String name) {
        if (!caller.mayUse(name)) {
            throw new ProblemException(Problem.forbidden("This caller may not use this registration."));
        }
        if (registrations.find(name).isEmpty()) {
            throw RequestBody.invalid("registration", "there is no registration of this name.");
        }
        return name;
    }

    private static Response registered(Registered registered, boolean created) {
        return switch (registered.kind()) {
            case STORED -> {
                var session = ((Stored) registered).session();
                Response answer = Answers.json(created ? 201 : 200, Views.session(session));
                yield created
                        ? Response.fromResponse(answer)
                                .location(URI.create("/v1/sessions/" + session.id()))
                                .build()
                        : answer;
            }
            case EXISTING -> Answers.json(200, Views.session(((Existing) registered).session()));
            case KEPT_ELSEWHERE ->
                throw new ProblemException(Problem.of(
                        409,
                        "refresh-token-already-kept",
                        "The refresh token is kept already",
                        "Another session keeps this refresh token: one of the two would spend it for both."));
        };
    }

    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @PermissionsAllowed("sessions:write")
    public Response replace(@PathParam("id") String id, byte[] body) {
        return Answers.answer(() -> {
            own.require(Caller.of(identity), id);
            var request = RequestBody.read(body, Set.of("token_response"));
            return registered(sessions.replace(id, request.tokenResponse()), false);
        });
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("sessions:read")
    public Response show(@PathParam("id") String id) {
        return Answers.answer(() -> Answers.json(200, Views.session(own.require(Caller.of(identity), id))));
    }

    @GET
    @PermissionsAllowed("sessions:read")
    public Response list(UriInfo uri) {
        return Answers.answer(() -> {
            Caller caller = Caller.of(identity);
            var asked = QueryParameters.of(uri);
            String registration = asked.text("registration");
            return Answers.json(
                    200,
                    Views.page(sessions.page(new SessionQuery(
                            caller.name(),
                            registration == null ? caller.registrations() : Set.of(registration(caller, registration)),
                            asked.text("subject"),
                            asked.status(),
                            asked.limit(),
                            asked.text("after")))));
        });
    }

    @DELETE
    @Path("/{id}")
    @PermissionsAllowed("sessions:write")
    public Response remove(@PathParam("id") String id) {
        return Answers.answer(() -> {
            own.require(Caller.of(identity), id);
            sessions.remove(id);
            return Answers.noContent();
        });
    }

    @DELETE
    @PermissionsAllowed("sessions:write")
    public Response removeOf(UriInfo uri) {
        return Answers.answer(() -> {
            Caller caller = Caller.of(identity);
            String whose = QueryParameters.of(uri).text("subject");
            if (whose == null) {
                throw RequestBody.invalid("subject", "is required: whose sessions are removed.");
            }
            return Answers.json(
                    200,
                    Views.removed(sessions.removeAll(
                            new SessionQuery(caller.name(), caller.registrations(), whose, null, 1, null))));
        });
    }
}
