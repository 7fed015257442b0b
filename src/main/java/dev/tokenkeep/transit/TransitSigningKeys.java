package dev.tokenkeep.transit;

import dev.tokenkeep.concurrent.Stages;
import dev.tokenkeep.concurrent.Workers;
import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.jose.RemoteKeys;
import dev.tokenkeep.jose.SigningAlgorithm;
import dev.tokenkeep.jose.SigningKeys;
import dev.tokenkeep.jose.UnusableKeyException;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.transit.TransitApi.Described;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Client keys in a Transit engine. Reads them when they are first needed, which is at the start, and again once a minute.
 * While they cannot be read, those that are known stay in use.
 */
@Singleton
class TransitSigningKeys implements RemoteKeys {

    private static final Logger LOG = Logger.getLogger(TransitSigningKeys.class);

    private final Map<String, String> objections;
    private final @Nullable TransitEngine engine;
    private final Workers workers;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    TransitSigningKeys(TransitConfig config, OutboundTls tls, OutboundProxies proxies, Workers workers, Clock clock) {
        var violations = new ConfigViolations();
        TransitSettings settings = TransitSettings.of(config, tls, violations);
        // Without a client key in the engine, they do not matter.
        this.objections = violations.byKey();
        this.engine = settings == null ? null : new TransitEngine(settings, proxies);
        this.workers = workers;
        this.clock = clock;
    }

    /** A Transit key that is in use, and whether it works. */
    private record Known(SigningKeys keys, TransitOutage reading, TransitOutage signing) {

        Known with(SigningKeys read) {
            return new Known(read, reading, signing);
        }
    }

    @Override
    public Map<String, String> objections() {
        return objections;
    }

    @Override
    public SigningKeys keys(String name) throws UnusableKeyException {
        if (engine == null) {
            throw new UnusableKeyException("needs the address and the token-file of tokenkeep.encryption.transit");
        }
        Known one = known.get(name);
        return one == null ? first(engine, name) : one.keys();
    }

    /** Also tries whether the key signs: the token may be allowed to read it, and no more. */
    private synchronized SigningKeys first(TransitEngine used, String name) throws UnusableKeyException {
        Known other = known.get(name);
        if (other != null) {
            return other.keys();
        }
        if (!TransitSettings.isKeyName(name)) {
            throw new UnusableKeyException("must be the name of a Transit key");
        }
        try {
            var signing = new TransitOutage(name, "signing");
            SigningKeys keys = keys(
                    used, name, used.await((api, token, namespace) -> api.describe(token, namespace, name)), signing);
            SigningAlgorithm usual = SigningAlgorithm.usualFor(keys.primary().publicKey())
                    .orElseThrow(() -> new UnusableKeyException("the Transit key " + name + " cannot sign JWTs"));
            ((TransitSigner) keys.primary().signer()).probe(usual);
            known.put(name, new Known(keys, new TransitOutage(name, "reading"), signing));
            return keys;
        } catch (TransitFailure e) {
            throw new UnusableKeyException("the Transit key " + name + " cannot be used: " + e.getMessage());
        }
    }

    private SigningKeys keys(TransitEngine used, String name, @Nullable Described described, TransitOutage signing)
            throws UnusableKeyException {
        return new TransitVersions(name, clock.instant())
                .keys(
                        described == null ? null : described.key(),
                        version -> new TransitSigner(used, workers, name, version, signing));
    }

    @Scheduled(
            identity = "tokenkeep-client-keys",
            every = "60s",
            delayed = "60s",
            concurrentExecution = ConcurrentExecution.SKIP)
    void tick() {
        if (engine != null && !known.isEmpty()) {
            engine.renewClient();
            for (Map.Entry<String, Known> one : known.entrySet()) {
                again(engine, one.getKey(), one.getValue());
            }
        }
    }

    private void again(TransitEngine used, String name, Known former) {
        try {
            Described described =
                    Stages.joined(used.begin((api, token, namespace) -> api.describe(token, namespace, name)));
            SigningKeys read = keys(used, name, described, former.signing());
            former.reading().succeeded();
            if (!read.equals(former.keys())) {
                known.put(name, former.with(read));
                LOG.infof(
                        "Transit key %s: its versions have changed; %s signs now",
                        name, read.primary().id());
            }
        } catch (UnusableKeyException e) {
            former.reading().failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            former.reading().failed(used.reason(e));
        }
    }

    @PreDestroy
    void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
