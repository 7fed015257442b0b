package dev.tokenkeep.rest.signin;

import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.database.DatabaseFailure;
import dev.tokenkeep.signin.SignInException;
import io.github.bucket4j.Bucket;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.jboss.logging.Logger;

/**
 * What browsers are shown: plain pages without scripts. They quote nothing of the request, and nothing of it is logged
 * (CONFORMANCE H26).
 */
final class ConnectPages {

    private static final Logger LOG = Logger.getLogger(ConnectPages.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int REFERENCE_BYTES = 5;
    private static final int LINES_A_MINUTE = 300;

    /** Anybody can be stopped, any number of times. */
    private static final Bucket LINES = Bucket.builder()
            .addLimit(limit -> limit.capacity(LINES_A_MINUTE).refillGreedy(LINES_A_MINUTE, Duration.ofMinutes(1)))
            .build();

    private static final String PAGE = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Sign-in</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"></head>
            <body><h1>%s</h1><p>%s</p><p>Reference: %s</p></body></html>
            """;

    private ConnectPages() {}

    /** The address is nobody's. */
    static final class Unknown extends RuntimeException {

        Unknown() {
            super("unknown_ticket", null, false, false);
        }
    }

    static Response of(Throwable failure) {
        Throwable cause = Stages.cause(failure);
        if (cause instanceof Unknown) {
            return stop("unknown_ticket");
        }
        if (cause instanceof SignInException known) {
            return known.reason() == SignInException.Reason.UNAVAILABLE
                    ? later(known.culprit())
                    : stop(known.culprit());
        }
        if (cause instanceof WebApplicationException web && web.getResponse().getStatus() < 500) {
            return stop("http_" + web.getResponse().getStatus());
        }
        return later(DatabaseFailure.name(cause));
    }

    static Response stop(String code) {
        return page(
                400,
                "This sign-in cannot go on",
                "The link is used, expired, or was opened in another browser. Go back to the application and sign in"
                        + " again.",
                code);
    }

    private static Response later(String code) {
        return page(503, "Sign-in is not available now", "Please try again in a minute.", code);
    }

    private static Response page(int status, String title, String text, String code) {
        var bytes = new byte[REFERENCE_BYTES];
        RANDOM.nextBytes(bytes);
        String reference = HexFormat.of().formatHex(bytes);
        if (LINES.tryConsume(1)) {
            LOG.infof("A browser was stopped during a sign-in: %s (reference %s)", code, reference);
        }
        return plain(status)
                .type("text/html;charset=UTF-8")
                .entity(PAGE.formatted(title, text, reference))
                .build();
    }

    /** With the headers that keep the address of the page, and what is in it, to this browser. */
    static ResponseBuilder plain(int status) {
        return Response.status(status)
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY");
    }
}
