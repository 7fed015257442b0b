package dev.tokenkeep.crypto;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Set;

/** Finds the configured key directory and the provider that unwraps its files. */
@Singleton
final class ConfiguredKeys {

    static final String DIRECTORY = "tokenkeep.encryption.keys";
    private static final String PROVIDER = "tokenkeep.encryption.key-provider";

    @Produces
    @Singleton
    KeyDirectory directory(EncryptionConfig config, @Any Instance<KeyProvider> providers) {
        Instance<KeyProvider> named = providers.select(Identifier.Literal.of(config.keyProvider()));
        if (!named.isResolvable()) {
            throw new ConfigurationException(
                    PROVIDER + ": there is no key provider named " + config.keyProvider(), Set.of(PROVIDER));
        }
        return directory(config, named.get());
    }

    static KeyDirectory directory(EncryptionConfig config, KeyProvider provider) {
        Path path = config.keys()
                .orElseThrow(() -> new ConfigurationException(
                        DIRECTORY + ": is missing: nothing is stored without a key directory", Set.of(DIRECTORY)));
        var directory = new KeyDirectory(path, provider);
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT
                && config.keyProvider().equals(PlainKeys.NAME)) {
            directory.createIfAbsent();
        }
        return directory;
    }
}
