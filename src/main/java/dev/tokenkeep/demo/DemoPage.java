package dev.tokenkeep.demo;

import dev.tokenkeep.demo.DemoInstructions.Step;
import dev.tokenkeep.session.Session;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The page that shows the sessions while they are refreshed, and the commands to paste. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
@IfBuildProfile("dev")
class DemoPage {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Tokenkeep</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
              table { border-collapse: collapse; width: 100%% }
              th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #ddd }
              td { font-variant-numeric: tabular-nums }
              pre { background: #f4f4f4; padding: .8rem; white-space: pre-wrap; word-break: break-all; font-size: 13px;
                    margin: .2rem 0 1rem; max-height: 9rem; overflow-y: auto; user-select: all }
              button, input { font: inherit; padding: .2rem .6rem }
              .dim { color: #666 }
            </style></head><body>
            <h1>Tokenkeep</h1>
            <p>These sessions' access tokens live for 60 seconds. The job refreshes each of them before it expires: the
            version grows, and no refresh token is used twice.</p>
            <table><thead><tr><th>Subject</th><th>Status</th><th>Version</th><th>Expires in</th><th>Refreshed</th>
            <th>Session</th></tr></thead><tbody>%s</tbody></table>
            <h2>Sign in</h2>
            <form method="post" action="/demo/connect"><p><label>A user of yours:
            <input name="subject" value="erin" required maxlength="64"></label> <button>Connect</button></p></form>
            <p>The browser goes to the authorization server, where the user consents, and comes back with a code.
            Tokenkeep exchanges the code for tokens, and the session appears above.</p>
            <h2>Call it</h2>
            <p>Paste these into a shell, one after the other; a click selects all of one.</p>
            %s
            <p class="dim">All calls: <a href="/q/swagger-ui">Swagger UI</a>. This page and its authorization server are
            part of dev mode only.</p>
            <script>
              const rows = document.querySelector('tbody');
              function tellTimes() {
                for (const cell of rows.querySelectorAll('time')) {
                  const seconds = Math.round((Date.parse(cell.dateTime) - Date.now()) / 1000);
                  cell.textContent = cell.className === 'past'
                      ? Math.max(0, -seconds) + ' s ago' : Math.max(0, seconds) + ' s';
                }
              }
              async function look() {
                try {
                  const answer = await fetch('/demo/sessions');
                  if (answer.ok) rows.innerHTML = await answer.text();
                } catch { /* it is being restarted */ }
                tellTimes();
              }
              tellTimes();
              setInterval(tellTimes, 1000);
              setInterval(look, 3000);
            </script>
            </body></html>
            """;

    private final DemoSessions sessions;
    private final DemoInstructions instructions;

    DemoPage(DemoSessions sessions, DemoInstructions instructions) {
        this.sessions = sessions;
        this.instructions = instructions;
    }

    @GET
    public String page() {
        return PAGE.formatted(
                rows(), instructions.steps().stream().map(DemoPage::step).collect(Collectors.joining("\n")));
    }

    /** Returns the table rows that the page polls. */
    @GET
    @Path("demo/sessions")
    public String rows() {
        return sessions.all().stream().map(DemoPage::row).collect(Collectors.joining("\n"));
    }

    private static String row(Session session) {
        return "<tr><td>%s</td><td>%s</td><td>%d</td><td>%s</td><td>%s</td><td class=\"dim\">%s</td></tr>"
                .formatted(
                        escaped(session.owner().subject()),
                        session.status(),
                        session.tokens().version(),
                        time("future", session.tokens().accessTokenExpiresAt()),
                        time("past", session.times().refreshedAt()),
                        session.id());
    }

    private static String step(Step step) {
        return "<p>" + escaped(step.what()) + "</p>\n<pre>" + escaped(step.command()) + "</pre>";
    }

    private static String time(String kind, @Nullable Instant at) {
        return at == null ? "–" : "<time class=\"%s\" datetime=\"%s\">%s</time>".formatted(kind, at, at);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
