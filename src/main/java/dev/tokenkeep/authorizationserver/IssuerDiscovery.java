package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.authorizationserver.metadata.MetadataRequest;
import dev.tokenkeep.authorizationserver.metadata.MetadataRequest.Answer;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Discovers an issuer's endpoints from its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3) and keeps what it
 * found first. If a server is down, discovery is tried again, but not at every call, and less and less often.
 */
@ApplicationScoped
class IssuerDiscovery {

    private static final Logger LOG = Logger.getLogger(IssuerDiscovery.class);
    private static final String WITHOUT_ENDPOINT = "discovery_without_endpoint";
    /** Explains each code of a failed discovery. */
    static final Map<String, String> SENTENCES = Map.of(
            MetadataRequest.FAILED,
            "its metadata cannot be fetched",
            MetadataRequest.MISMATCH,
            "its metadata names another issuer than the configured one",
            WITHOUT_ENDPOINT,
            "its metadata has no usable token endpoint");

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    private final MetadataRequest request;
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

    IssuerDiscovery(MetadataRequest request, OutboundTls tls, Ticker ticker) {
        this.request = request;
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
        request.send(registration, hardCap).thenAccept(answer -> {
            IssuerMetadata metadata = read(registration, answer);
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

    private IssuerMetadata read(ClientRegistration registration, Answer answer) {
        if (answer instanceof Answer.Failed failed) {
            return failed(failed.code(), failed.detail());
        }
        JsonNode json = ((Answer.Metadata) answer).json();
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
