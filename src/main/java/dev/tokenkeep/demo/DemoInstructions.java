package dev.tokenkeep.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Prints the shell commands that show how a token is refreshed. */
@Singleton
@IfBuildProfile("dev")
class DemoInstructions {

    private static final Logger LOG = Logger.getLogger("tokenkeep");

    private final DemoSessions sessions;
    private final String base;

    DemoInstructions(DemoSessions sessions, DemoAddresses addresses) {
        this.sessions = sessions;
        this.base = addresses.base();
    }

    void started(@Observes StartupEvent event) {
        sessions.register();
        LOG.infof(
                "Three sessions are registered, see %s/ - or paste these commands, one after the other:%n%n%s%n",
                base, steps().stream().map(Step::command).collect(Collectors.joining(System.lineSeparator())));
    }

    List<Step> steps() {
        String authorization = "-H \"Authorization: Bearer $JWT\"";
        String read = "curl -s " + base + "/v1/sessions/$ID/access-token " + authorization + "; echo";
        return List.of(
                new Step("The caller's JWT, valid for a day:", "JWT=" + DemoCaller.jwt()),
                new Step(
                        "Dana signs in at the authorization server, and her session is registered:",
                        "ID=$(curl -s " + base + "/v1/sessions " + authorization
                                + " -H 'Content-Type: application/json'"
                                + " -d '{\"registration\":\"demo\",\"subject\":\"dana\",\"token_response\":'\"$(curl -s "
                                + base
                                + "/demo/as/login)\"'}' | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'); echo \"session $ID\""),
                new Step("Her access token, version 1:", read),
                new Step("The same after the job has refreshed it, version 2:", "sleep 50; " + read));
    }

    /**
     * One step of the instructions.
     *
     * @param command a complete one, for a POSIX shell with curl
     */
    record Step(String what, String command) {}
}
