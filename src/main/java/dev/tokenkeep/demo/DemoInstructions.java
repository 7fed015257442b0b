package dev.tokenkeep.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** What to paste into a shell to see a token being refreshed. */
@Singleton
@IfBuildProfile("dev")
class DemoInstructions {

    private static final Logger LOG = Logger.getLogger("tokenkeep");

    private final DemoSessions sessions;
    private final String base;

    DemoInstructions(
            DemoSessions sessions, @ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port) {
        this.sessions = sessions;
        this.base = "http://localhost:" + port;
    }

    void started(@Observes StartupEvent event) {
        sessions.register();
        LOG.infof(
                "Three sessions are kept, see %s/ - or paste, one after the other:%n%n%s%n",
                base, String.join(System.lineSeparator(), lines()));
    }

    /** Each a whole command for a POSIX shell with curl. */
    List<String> lines() {
        return List.of(
                "JWT=" + DemoCaller.jwt(),
                "ID=$(curl -s " + base
                        + "/v1/sessions -H \"Authorization: Bearer $JWT\" -H 'Content-Type: application/json'"
                        + " -d '{\"registration\":\"demo\",\"subject\":\"dana\",\"token_response\":'\"$(curl -s " + base
                        + "/demo/as/login)\"'}' | sed 's/.*\"id\":\"\\([^\"]*\\)\".*/\\1/'); echo \"session $ID\"",
                "curl -s " + base + "/v1/sessions/$ID/access-token -H \"Authorization: Bearer $JWT\"; echo",
                "sleep 50; curl -s " + base + "/v1/sessions/$ID/access-token -H \"Authorization: Bearer $JWT\"; echo");
    }
}
