package dev.tokenkeep.authorizationserver;

import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.oauth.TokenResult;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.RegistrationsChanged;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records which authorization servers this process cannot reach, or which have no token endpoint at the address. Logs
 * each once a minute, and reports it in the registrations' health until the server responds.
 */
@Singleton
public class Reachability {

    private static final Logger LOG = Logger.getLogger(Reachability.class);
    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);
    /** The highest number of log lines in a minute. If the network is down, all registrations fail. */
    private static final int MAX_LINES = 20;
    /**
     * Codes that show that the token endpoint is elsewhere. A server that is overloaded or down is in the right place.
     */
    private static final Pattern NOT_THERE = Pattern.compile("redirected|http_(404|405|410)");

    private final Ticker ticker;
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private long windowNanos;
    private int lines;
    private int untold;

    private record Trouble(String code, long toldNanos) {}

    Reachability(Ticker ticker) {
        this.ticker = ticker;
        this.windowNanos = ticker.nanos();
    }

    void note(ClientRegistration registration, TokenResult outcome) {
        String sentence = sentence(outcome);
        if (sentence != null) {
            troubles.compute(registration.name(), (name, last) -> told(registration, outcome.code(), sentence, last));
        } else if (outcome.kind() == TokenResult.Kind.REFRESHED || outcome.kind() == TokenResult.Kind.REFUSED) {
            troubles.remove(registration.name());
        }
    }

    void forget(@Observes RegistrationsChanged changed) {
        troubles.keySet().removeAll(changed.names());
    }

    private static @Nullable String sentence(TokenResult outcome) {
        if (NOT_THERE.matcher(outcome.code()).matches()) {
            return "there is no token endpoint at its path";
        }
        String ofMetadata = IssuerDiscovery.SENTENCES.get(outcome.code());
        return ofMetadata == null ? ConnectFailure.sentence(outcome.code()) : ofMetadata;
    }

    private Trouble told(ClientRegistration registration, String code, String sentence, @Nullable Trouble last) {
        long now = ticker.nanos();
        if (last != null && last.code().equals(code) && now - last.toldNanos() < LOG_INTERVAL.toNanos()) {
            return last;
        }
        if (mayTell(now)) {
            LOG.warnf(
                    "Registration %s: token requests to %s fail with %s: %s",
                    registration.name(), server(registration), code, sentence);
        }
        return new Trouble(code, now);
    }

    private synchronized boolean mayTell(long now) {
        if (now - windowNanos >= LOG_INTERVAL.toNanos()) {
            if (untold > 0) {
                LOG.warnf("Token requests of %d more registrations failed in the last minutes", untold);
            }
            windowNanos = now;
            lines = 0;
            untold = 0;
        }
        lines++;
        untold += lines > MAX_LINES ? 1 : 0;
        return lines <= MAX_LINES;
    }

    /** Returns the address without its path, which may hold a tenant. */
    private static String server(ClientRegistration registration) {
        URI address = registration.server().address();
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    /** Returns the code of a registration's last token request if it did not reach the token endpoint; else empty. */
    public Optional<String> trouble(String registration) {
        return Optional.ofNullable(troubles.get(registration)).map(Trouble::code);
    }
}
