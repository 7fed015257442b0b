package dev.tokenkeep.demo;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Configures dev mode: a database unless one is configured, the caller's key, and the location of the encryption keys.
 */
public final class DemoConfigSourceFactory implements ConfigSourceFactory {

    private static final String JDBC_URL = "quarkus.datasource.tokenkeep.jdbc.url";

    /** Below everything that a user sets, above the defaults in the jar. */
    private static final int ORDINAL = 95;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (!context.getProfiles().contains("dev")) {
            return List.of();
        }
        Map<String, String> settings = new HashMap<>(DemoCaller.settings());
        settings.put(
                "tokenkeep.encryption.keys",
                DemoDirectory.path().resolve("keys").toString());
        ConfigValue configured = context.getValue(JDBC_URL);
        if (configured == null || configured.getValue() == null) {
            settings.put(JDBC_URL, DemoPostgres.jdbcUrl());
            settings.put("quarkus.datasource.tokenkeep.username", "postgres");
            settings.put("quarkus.datasource.tokenkeep.password", "postgres");
        }
        return List.of(new PropertiesConfigSource(settings, "the demo", ORDINAL));
    }
}
