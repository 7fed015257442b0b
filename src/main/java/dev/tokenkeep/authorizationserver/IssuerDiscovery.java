package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Discovers an issuer's endpoints from its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3) and keeps what it
 * found first. The issuer in the metadata must equal the configured one exactly (CONFORMANCE A8). If a server is down,
 * discovery is tried again, but not at every call, and less and less often.
 */
@ApplicationScoped
class IssuerDiscovery {

    private static final Logger LOG = Logger.getLogger(IssuerDiscovery.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FAILED = "discovery_failed";
    private static final String MISMATCH = "issuer_mismatch";
    private static final String WITHOUT_ENDPOINT = "discovery_without_endpoint";
    /** Explains each code of a failed discovery. */
    static final Map<String, String> SENTENCES = Map.of(
            FAILED, "its metadata cannot be fetched",
            MISMATCH, "its metadata names another issuer than the configured one",
            WITHOUT_ENDPOINT, "its metadata has no usable token endpoint");

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final HttpSender sender;
    private final OutboundTls tls;
    private final Ticker ticker;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    /**
     * One try to read the metadata, under way or over.
     *
     * @param issuer whose metadata it is; a registration may get another issuer
     * @param pause how long to wait after a failure before the next try
     */
    private record Look(@Nullable URI issuer, CompletableFuture<IssuerMetadata> metadata, Duration pause) {

        static Look first(ClientRegistration registration) {
            return new Look(registration.server().issuer(), new CompletableFuture<>(), FIRST_PAUSE);
        }

        boolean isOf(ClientRegistration registration) {
            return Objects.equals(issuer, registration.server().issuer());
        }

        boolean isFirst() {
            return pause.equals(FIRST_PAUSE);
        }

        boolean failedLongAgo(String registration, long nowNanos) {
            IssuerMetadata result = metadata.getNow(null);
            return result != null && !result.found() && nowNanos - result.nanos() > pauseOf(registration);
        }

        /**
         * Returns the pause, up to a fifth longer depending on the registration. Servers that were down together are
         * then not all asked in the same second.
         */
        private long pauseOf(String registration) {
            return (long) (pause.toNanos() * (1 + 0.2 * Math.floorMod(registration.hashCode(), 100) / 100));
        }

        Look next() {
            Duration longer = pause.multipliedBy(2);
            return new Look(issuer, new CompletableFuture<>(), longer.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : longer);
        }
    }

    IssuerDiscovery(HttpSender sender, OutboundTls tls, Ticker ticker) {
        this.sender = sender;
        this.tls = tls;
        this.ticker = ticker;
    }

    /** Returns the metadata. Calls that come at the same time share one request. */
    CompletionStage<IssuerMetadata> metadata(ClientRegistration registration, Duration hardCap) {
        Look known = looks.get(registration.name());
        if (known == null || !known.isOf(registration)) {
            known = looks.compute(
                    registration.name(),
                    (name, last) -> last != null && last.isOf(registration)
                            ? last
                            : begun(registration, Look.first(registration), hardCap));
        }
        long now = ticker.nanos();
        if (known.failedLongAgo(registration.name(), now)) {
            known = looks.computeIfPresent(
                    registration.name(),
                    (name, last) -> last.isOf(registration) && last.failedLongAgo(name, now)
                            ? begun(registration, last.next(), hardCap)
                            : last);
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

    /** Logs when discovery begins to fail and when it works again, not every try. */
    private static void tell(ClientRegistration registration, Look look, IssuerMetadata metadata) {
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

    private CompletionStage<IssuerMetadata> look(
            ClientRegistration registration, List<URI> locations, int index, Duration hardCap) {
        return sender.get(registration.destination(), locations.get(index), hardCap)
                .thenCompose(answer -> {
                    IssuerMetadata metadata = read(registration, answer);
                    boolean elsewhere = metadata.code().equals(FAILED) && index + 1 < locations.size();
                    if (elsewhere && answer instanceof HttpResult.Response) {
                        return look(registration, locations, index + 1, hardCap);
                    }
                    return CompletableFuture.completedFuture(metadata);
                });
    }

    private IssuerMetadata read(ClientRegistration registration, HttpResult answer) {
        if (answer instanceof HttpResult.NotSent notSent) {
            return failed(notSent.code(), ", " + ConnectFailure.sentence(notSent.code()));
        }
        if (!(answer instanceof HttpResult.Response response)) {
            return failed(FAILED, ", no answer");
        }
        if (response.status() != 200) {
            return failed(FAILED, ", the metadata request was answered with status " + response.status());
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
        IssuerMetadata metadata = IssuerMetadata.of(json, showsCertificate(registration), ticker.nanos());
        return metadata.tokenEndpoint().isEmpty() ? failed(WITHOUT_ENDPOINT, "") : metadata;
    }

    /** Also a client that authenticates otherwise: servers bind its tokens to the certificate (CONFORMANCE G24). */
    private boolean showsCertificate(ClientRegistration registration) {
        return registration.client().authentication().usesCertificate()
                || tls.showsCertificate(registration.server().tlsConfiguration());
    }

    private IssuerMetadata failed(String code, String detail) {
        return IssuerMetadata.failed(code, detail, ticker.nanos());
    }
}
