package dev.tokenkeep.demo;

import dev.tokenkeep.session.Session;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page that shows the sessions as they are refreshed, and what to paste. */
@Path("/")
@Blocking
@IfBuildProfile("dev")
class DemoPage {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Tokenkeep</title>
            <meta http-equiv="refresh" content="3">
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
              table { border-collapse: collapse; width: 100%% } th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #ddd }
              pre { background: #f4f4f4; padding: .8rem; white-space: pre-wrap; word-break: break-all; font-size: 13px }
              td { font-variant-numeric: tabular-nums } .dim { color: #777 }
            </style></head><body>
            <h1>Tokenkeep</h1>
            <p>These sessions' access tokens live for 60 seconds. The job refreshes each of them before it expires: the
            version grows, and no refresh token is used twice.</p>
            <table><tr><th>Subject</th><th>Status</th><th>Version</th><th>Expires in</th><th>Refreshed</th><th>Session</th></tr>
            %s</table>
            <h2>Try it</h2><p>Paste these into a shell, one after the other:</p>%s
            <p class="dim">All calls: <a href="/q/swagger-ui">Swagger UI</a>. This page and its authorization server are
            part of dev mode only.</p>
            </body></html>
            """;

    private final DemoSessions sessions;
    private final DemoInstructions instructions;
    private final Clock clock;

    DemoPage(DemoSessions sessions, DemoInstructions instructions, Clock clock) {
        this.sessions = sessions;
        this.instructions = instructions;
        this.clock = clock;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public String page() {
        Instant now = clock.instant();
        return PAGE.formatted(
                sessions.all().stream().map(session -> row(session, now)).collect(Collectors.joining("\n")),
                instructions.lines().stream()
                        .map(line -> "<pre>" + escaped(line) + "</pre>")
                        .collect(Collectors.joining()));
    }

    private static String row(Session session, Instant now) {
        return "<tr><td>" + escaped(session.subject()) + "</td><td>" + session.status() + "</td><td>"
                + session.version()
                + "</td><td>" + seconds(now, session.accessTokenExpiresAt(), "") + "</td><td>"
                + seconds(session.refreshedAt(), now, " ago") + "</td><td class=\"dim\">" + session.id()
                + "</td></tr>";
    }

    private static String seconds(@Nullable Instant from, @Nullable Instant to, String suffix) {
        return from == null || to == null ? "–" : Duration.between(from, to).toSeconds() + " s" + suffix;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
