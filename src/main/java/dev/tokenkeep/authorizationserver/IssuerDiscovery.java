package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Finds an issuer's endpoints by its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3) and stays with what it found
 * first. The metadata's issuer must be the configured one to the letter (CONFORMANCE A8). A server that is down is asked
 * again, but not at every call, and less and less often.
 */
@ApplicationScoped
class IssuerDiscovery {

    private static final Logger LOG = Logger.getLogger(IssuerDiscovery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILED = "discovery_failed";
    private static final String MISMATCH = "issuer_mismatch";
    private static final String WITHOUT_ENDPOINT = "discovery_without_endpoint";
    /** Why it found nothing. */
    static final Map<String, String> SENTENCES = Map.of(
            FAILED, "its metadata can't be had",
            MISMATCH, "its metadata is of another issuer than the one that is configured",
            WITHOUT_ENDPOINT, "its metadata tells no token endpoint that may be used");

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final HttpSender sender;
    private final Ticker ticker;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    /**
     * A look at the metadata, under way or over.
     *
     * @param pause how long its failure is not tried again
     */
    private record Look(CompletableFuture<Metadata> metadata, Duration pause) {

        static Look first() {
            return new Look(new CompletableFuture<>(), FIRST_PAUSE);
        }

        boolean isFirst() {
            return pause.equals(FIRST_PAUSE);
        }

        boolean failedLongAgo(String registration, long nowNanos) {
            Metadata result = metadata.getNow(null);
            return result != null && !result.found() && nowNanos - result.nanos() > pauseOf(registration);
        }

        /** A fifth longer for some than for others: servers that were away at once are not all asked in the same second. */
        private long pauseOf(String registration) {
            return (long) (pause.toNanos() * (1 + 0.2 * Math.floorMod(registration.hashCode(), 100) / 100));
        }

        Look next() {
            Duration longer = pause.multipliedBy(2);
            return new Look(new CompletableFuture<>(), longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer);
        }
    }

    IssuerDiscovery(HttpSender sender, Ticker ticker) {
        this.sender = sender;
        this.ticker = ticker;
    }

    /**
     * What was found.
     *
     * @param code why nothing was
     * @param detail more of it for the log, or nothing
     * @param nanos the ticker's reading when that was known
     */
    record Metadata(
            boolean found,
            Optional<URI> tokenEndpoint,
            Optional<URI> revocationEndpoint,
            Optional<URI> jwks,
            String code,
            String detail,
            long nanos) {

        static Metadata failed(String code, String detail, long nanos) {
            return new Metadata(false, Optional.empty(), Optional.empty(), Optional.empty(), code, detail, nanos);
        }
    }

    /** Everybody who asks at once shares one look. */
    CompletionStage<Metadata> metadata(ClientRegistration registration, Duration hardCap) {
        Look known = looks.computeIfAbsent(registration.name(), name -> begun(registration, Look.first(), hardCap));
        long now = ticker.nanos();
        if (known.failedLongAgo(registration.name(), now)) {
            known = looks.computeIfPresent(
                    registration.name(),
                    (name, last) -> last.failedLongAgo(name, now) ? begun(registration, last.next(), hardCap) : last);
        }
        return Objects.requireNonNull(known).metadata();
    }

    private Look begun(ClientRegistration registration, Look look, Duration hardCap) {
        look(registration, locations(registration), 0, hardCap).thenAccept(metadata -> {
            tell(registration, look, metadata);
            look.metadata().complete(metadata);
        });
        return look;
    }

    /** When it begins and when it ends, not at every look. */
    private static void tell(ClientRegistration registration, Look look, Metadata metadata) {
        if (!metadata.found() && look.isFirst()) {
            LOG.warnf(
                    "Cannot discover the endpoints of registration %s, its sessions wait: %s%s",
                    registration.name(), metadata.code(), metadata.detail());
        }
        if (metadata.found() && !look.isFirst()) {
            LOG.infof("Discovered the endpoints of registration %s", registration.name());
        }
    }

    private static List<URI> locations(ClientRegistration registration) {
        URI issuer = Objects.requireNonNull(registration.server().issuer());
        String base = issuer.toString().replaceFirst("/$", "");
        String path = Objects.requireNonNullElse(issuer.getRawPath(), "").replaceFirst("/$", "");
        return List.of(
                URI.create(base + "/.well-known/openid-configuration"),
                issuer.resolve("/.well-known/oauth-authorization-server" + path));
    }

    private CompletionStage<Metadata> look(
            ClientRegistration registration, List<URI> locations, int index, Duration hardCap) {
        return sender.get(registration.destination(), locations.get(index), hardCap)
                .thenCompose(answer -> {
                    Metadata metadata = read(registration, answer);
                    boolean elsewhere = metadata.code().equals(FAILED) && index + 1 < locations.size();
                    if (elsewhere && answer instanceof HttpResult.Response) {
                        return look(registration, locations, index + 1, hardCap);
                    }
                    return CompletableFuture.completedFuture(metadata);
                });
    }

    private Metadata read(ClientRegistration registration, HttpResult answer) {
        if (answer instanceof HttpResult.NotSent notSent) {
            return failed(notSent.code(), ", " + ConnectFailure.sentence(notSent.code()));
        }
        if (!(answer instanceof HttpResult.Response response)) {
            return failed(FAILED, ", no answer");
        }
        if (response.status() != 200) {
            return failed(FAILED, ", the metadata was answered by " + response.status());
        }
        JsonNode json;
        try {
            json = JSON.readTree(response.body());
        } catch (IOException e) {
            return failed(FAILED, ", the metadata is not JSON");
        }
        String told = json.path("issuer").asText();
        if (!String.valueOf(registration.server().issuer()).equals(told)) {
            return failed(
                    MISMATCH,
                    ", tokenkeep.registrations.%s.issuer is %s and its metadata says %s"
                            .formatted(
                                    registration.name(),
                                    registration.server().issuer(),
                                    PrintableText.printable(told)));
        }
        Optional<URI> tokenEndpoint = endpoint(json, "token_endpoint");
        return tokenEndpoint.isEmpty()
                ? failed(WITHOUT_ENDPOINT, "")
                : new Metadata(
                        true,
                        tokenEndpoint,
                        endpoint(json, "revocation_endpoint"),
                        endpoint(json, "jwks_uri"),
                        "discovered",
                        "",
                        ticker.nanos());
    }

    private Metadata failed(String code, String detail) {
        return Metadata.failed(code, detail, ticker.nanos());
    }

    /**
     * What metadata tells has to obey the same rules as what is configured. Clients that authenticate by mutual TLS, which
     * there are none of yet, would have to look into {@code mtls_endpoint_aliases} first (RFC 8705 §5).
     */
    private static Optional<URI> endpoint(JsonNode metadata, String member) {
        String value = metadata.path(member).textValue();
        try {
            return Optional.ofNullable(value)
                    .map(URI::create)
                    .filter(uri -> EndpointCheck.objection(uri).isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
