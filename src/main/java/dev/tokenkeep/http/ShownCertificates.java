package dev.tokenkeep.http;

import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Knows which certificates of the client were shown by this process and are not any more. One that it has never shown, such
 * as that of a proxy, is none of them.
 */
@Singleton
public class ShownCertificates {

    private final TlsConfigurationRegistry registry;
    private final Map<String, Shown> known = new ConcurrentHashMap<>();

    ShownCertificates(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    /**
     * The certificates of a TLS configuration, as their SHA-256 thumbprints in base64url.
     *
     * @param store that has the present ones
     */
    private record Shown(@Nullable KeyStore store, Set<String> present, Set<String> former) {

        static final Shown NONE = new Shown(null, Set.of(), Set.of());

        /** The registry has another key store after each reload, also if nothing was replaced. */
        Shown next(KeyStore now) {
            Set<String> read = TlsContent.thumbprints(now);
            var all = new HashSet<>(former);
            all.addAll(present);
            all.removeAll(read);
            // A key store that cannot be read says nothing.
            return read.isEmpty() ? this : new Shown(now, read, Set.copyOf(all));
        }
    }

    /** Has this class know the certificates that the configuration of this name shows now. */
    public void note(String tlsConfiguration) {
        registry.get(tlsConfiguration)
                .map(TlsConfiguration::getKeyStore)
                .ifPresent(store -> known.compute(
                        tlsConfiguration,
                        (name, before) -> before != null && before.store() == store
                                ? before
                                : (before == null ? Shown.NONE : before).next(store)));
    }

    void replaced(@Observes CertificateUpdatedEvent event) {
        note(event.name());
    }

    /**
     * Returns whether the connections of this configuration showed the certificate before, and show another one now.
     *
     * @param tlsConfiguration the name in the TLS registry
     * @param thumbprint SHA-256, in base64url
     */
    public boolean isFormer(String tlsConfiguration, String thumbprint) {
        return known.getOrDefault(tlsConfiguration, Shown.NONE).former().contains(thumbprint);
    }
}
