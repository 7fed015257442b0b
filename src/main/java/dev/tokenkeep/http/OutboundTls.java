package dev.tokenkeep.http;

import dev.tokenkeep.settings.ConfigViolations;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfig;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The TLS configurations of outbound connections. In production none is used that would take any certificate: whoever
 * answered then could have every token.
 */
@Singleton
public class OutboundTls {

    private final TlsConfigurationRegistry registry;
    private final Map<String, String> contents = new ConcurrentHashMap<>();

    OutboundTls(TlsConfigurationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Notes what is wrong with the configuration of this name; null is right.
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

    /** Null for null, which is the default. */
    public @Nullable TlsConfiguration named(@Nullable String name) {
        registry.get(name == null ? TlsConfig.DEFAULT_NAME : name)
                .ifPresent(used -> noteFirst(name == null ? "" : name, used));
        return name == null ? null : registry.get(name).orElseThrow();
    }

    /** So that the first event of a reload, which comes whether anything was replaced or not, can be told from a replacement. */
    private void noteFirst(String name, TlsConfiguration configuration) {
        String now = TlsContent.of(configuration);
        if (now != null) {
            contents.putIfAbsent(name, now);
        }
    }

    /** Whether its certificates or authorities are others than when this was used or asked last; true if that can't be told. */
    public boolean isReplaced(String name, TlsConfiguration configuration) {
        String now = TlsContent.of(configuration);
        return now == null || !now.equals(contents.put(name, now));
    }

    /** The one that connections have for which none is named. */
    public void checkDefault(ConfigViolations violations) {
        registry.getDefault().ifPresent(tls -> checkTrust(tls, "quarkus.tls", violations));
    }

    private static void checkTrust(TlsConfiguration tls, String key, ConfigViolations violations) {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return;
        }
        violations.addIf(tls.isTrustAll(), key + ".trust-all", "certificates are checked in production");
        violations.addIf(
                tls.getHostnameVerificationAlgorithm().filter("NONE"::equals).isPresent(),
                key + ".hostname-verification-algorithm",
                "host names are checked in production");
    }
}
