package dev.tokenkeep.caller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.jose.HttpJwkSource;
import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.jose.JwkSource;
import dev.tokenkeep.settings.EndpointCheck;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Creates the key sets of the callers' issuers. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class IssuerKeys {

    /** Fixed: the pod's own token is sent there, and no configuration may send it elsewhere. */
    static final URI CLUSTER = URI.create("https://kubernetes.default.svc/openid/v1/jwks");

    /** Short, because a caller waits for it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final String METADATA = "/.well-known/openid-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpSender sender;
    private final Workers workers;
    private final Ticker ticker;

    IssuerKeys(HttpSender sender, Workers workers, Ticker ticker) {
        this.sender = sender;
        this.workers = workers;
        this.ticker = ticker;
    }

    /** Returns the key set at this address. */
    JwkSet at(String location) {
        return set("callers' issuer at " + location, () -> source(location).fetch());
    }

    /**
     * Returns the key set that the issuer's metadata names (OIDC Discovery §4). The metadata must be its own (§4.3).
     */
    JwkSet of(String issuer) {
        String metadata = (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + METADATA;
        return set(
                "callers' issuer " + issuer,
                () -> source(metadata).fetch().thenCompose(document -> {
                    try {
                        return source(jwks(issuer, metadata, document)).fetch();
                    } catch (IOException e) {
                        return HttpJwkSource.failed(String.valueOf(e.getMessage()));
                    }
                }));
    }

    /** Returns the key set of the Kubernetes cluster that this runs in. */
    JwkSet ofCluster() {
        return set("the cluster", new KubernetesJwkSource(CLUSTER, KubernetesJwkSource.MOUNT, workers));
    }

    private JwkSet set(String owner, JwkSource source) {
        return new JwkSet(owner, source, ticker);
    }

    private JwkSource source(String location) {
        return new HttpJwkSource(sender, HttpJwkSource.destination("callers"), URI.create(location), TIMEOUT);
    }

    private static String jwks(String issuer, String location, String document) throws IOException {
        JsonNode metadata;
        try {
            metadata = JSON.readTree(document);
        } catch (JsonProcessingException e) {
            // The exception's message quotes the response, so it is not used.
            throw new IOException("the metadata at " + location + " is not JSON");
        }
        String told = metadata.path("issuer").asText();
        if (!told.equals(issuer)) {
            throw new IOException("the metadata at " + location + " names the issuer " + PrintableText.printable(told)
                    + ", not " + issuer);
        }
        String jwks = metadata.path("jwks_uri").asText();
        Optional<String> objection = jwks.isEmpty() ? Optional.of("is missing") : EndpointCheck.objection(jwks);
        if (objection.isPresent()) {
            throw new IOException("the jwks_uri at " + location + " " + objection.get());
        }
        return jwks;
    }
}
