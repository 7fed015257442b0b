package dev.tokenkeep.http;

import dev.tokenkeep.time.Ticker;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Knows which certificates of the client the connections show now. */
@Singleton
public class ShownCertificates {

    private final TlsConfigurationRegistry registry;
    private final Ticker ticker;
    private final Map<String, Shown> known = new ConcurrentHashMap<>();

    ShownCertificates(TlsConfigurationRegistry registry, Ticker ticker) {
        this.registry = registry;
        this.ticker = ticker;
    }

    /**
     * The certificates of a TLS configuration.
     *
     * @param thumbprints SHA-256, in base64url
     * @param seenNanos the ticker's reading when this process first saw them
     */
    private record Shown(KeyStore store, Set<String> thumbprints, long seenNanos) {}

    /**
     * Returns whether something that was bound to a certificate is of no use with those that are shown now. What came after
     * they were first seen never is: a certificate that is in no key store here was shown by somebody else, such as a proxy.
     *
     * @param tlsConfiguration the name in the TLS registry
     * @param thumbprint of the certificate, SHA-256 in base64url
     * @param boundNanos the ticker's reading when it was bound
     */
    public boolean isFormer(String tlsConfiguration, String thumbprint, long boundNanos) {
        Shown now = shown(tlsConfiguration);
        return now != null
                && boundNanos - now.seenNanos() < 0
                && !now.thumbprints().isEmpty()
                && !now.thumbprints().contains(thumbprint);
    }

    /** The registry has another key store once a certificate was replaced. */
    private @Nullable Shown shown(String tlsConfiguration) {
        KeyStore store = registry.get(tlsConfiguration)
                .map(TlsConfiguration::getKeyStore)
                .orElse(null);
        if (store == null) {
            return null;
        }
        Shown before = known.get(tlsConfiguration);
        if (before != null && before.store() == store) {
            return before;
        }
        return known.compute(
                tlsConfiguration,
                (name, one) -> one != null && one.store() == store
                        ? one
                        : new Shown(store, TlsContent.thumbprints(store), ticker.nanos()));
    }
}
