package dev.tokenkeep.tokenendpoint;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.ClientRegistrations;
import dev.tokenkeep.registration.ConfigViolations;
import dev.tokenkeep.registration.OutboundTls;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.TlsConfiguration;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which TLS configuration a registration's connections have; checked at start-up. */
@Singleton
@Startup(ConfigViolations.CHECKED)
class TlsChoice {

    private final OutboundTls tls;
    private final Map<String, String> contents = new ConcurrentHashMap<>();

    TlsChoice(OutboundTls tls, ClientRegistrations registrations) {
        this.tls = tls;
        var violations = new ConfigViolations();
        for (ClientRegistration registration : registrations.all()) {
            String key = "tokenkeep.registrations." + registration.name() + ".tls-configuration";
            tls.check(key, registration.tlsConfiguration(), violations);
        }
        tls.checkDefault(violations);
        violations.throwIfAny();
    }

    /** Whether its certificates or authorities are others than when this was asked last; true if that can't be told. */
    boolean isReplaced(String name, TlsConfiguration configuration) {
        String now = TlsContent.of(configuration);
        return now == null || !now.equals(contents.put(name, now));
    }

    /** Null for the default. */
    @Nullable
    TlsConfiguration of(ClientRegistration registration) {
        return tls.named(registration.tlsConfiguration());
    }
}
