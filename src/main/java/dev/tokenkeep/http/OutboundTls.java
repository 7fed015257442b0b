package dev.tokenkeep.http;

import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Provides the TLS configurations of outbound connections. In production it accepts none that trusts every certificate:
 * any server that intercepts the connection could then take every token.
 */
@Singleton
public class OutboundTls {

    private final TlsConfigurationRegistry registry;
    private final Map<String, String> contents = new ConcurrentHashMap<>();

    OutboundTls(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Notes what is wrong with the configuration of this name; null is always valid.
     *
     * @param key the setting that holds the name
     */
    public void check(String key, @Nullable String name, ConfigViolations violations) {
        if (name != null) {
            registry.get(name)
                    .ifPresentOrElse(
                            tls -> checkTrust(tls, "quarkus.tls." + name, violations),
                            () -> violations.add(
                                    key, "there is no TLS configuration " + name + " (quarkus.tls." + name + ".*)"));
        }
    }

    /**
     * Notes if the configuration of this name has no certificate of its own, or none that is valid now.
     *
     * @param key the setting that holds the name
     */
    public void checkCertificate(String key, String name, Instant now, ConfigViolations violations) {
        registry.get(name)
                .map(tls -> TlsContent.objection(tls.getKeyStore(), now))
                .filter(objection -> !objection.isEmpty())
                .ifPresent(objection -> violations.add(key, "quarkus.tls." + name + ".key-store " + objection));
    }

    /** Returns whether connections of the configuration of this name show a certificate of the client. */
    public boolean showsCertificate(@Nullable String name) {
        return name != null
                && registry.get(name).map(TlsConfiguration::getKeyStore).isPresent();
    }

    /** Returns the configuration of this name; null for null, which stands for the default. */
    public @Nullable TlsConfiguration named(@Nullable String name) {
        registry.get(name == null ? TlsConfig.DEFAULT_NAME : name)
                .ifPresent(used -> noteFirst(name == null ? "" : name, used));
        return name == null ? null : registry.get(name).orElseThrow();
    }

    /**
     * Records the first content. A reload sends an event whether anything was replaced or not; this tells them apart.
     */
    private void noteFirst(String name, TlsConfiguration configuration) {
        String now = TlsContent.of(configuration);
        if (now != null) {
            contents.putIfAbsent(name, now);
        }
    }

    /**
     * Returns whether its certificates or authorities have changed since the last use or call; true if they cannot be
     * read.
     */
    public boolean isReplaced(String name, TlsConfiguration configuration) {
        String now = TlsContent.of(configuration);
        return now == null || !now.equals(contents.put(name, now));
    }

    /** Checks the default configuration, which applies to connections that name none. */
    public void checkDefault(ConfigViolations violations) {
        registry.getDefault().ifPresent(tls -> checkTrust(tls, "quarkus.tls", violations));
    }

    private static void checkTrust(TlsConfiguration tls, String key, ConfigViolations violations) {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return;
        }
        violations.addIf(tls.isTrustAll(), key + ".trust-all", "is not allowed in production");
        violations.addIf(
                tls.getHostnameVerificationAlgorithm().filter("NONE"::equals).isPresent(),
                key + ".hostname-verification-algorithm",
                "NONE is not allowed in production");
    }
}
