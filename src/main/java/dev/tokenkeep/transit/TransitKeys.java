package dev.tokenkeep.transit;

import dev.tokenkeep.crypto.KeyProvider;
import dev.tokenkeep.crypto.KeyUnavailableException;
import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.transit.TransitApi.Decrypted;
import dev.tokenkeep.transit.TransitApi.Wrapped;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Unwraps files that hold a ciphertext of a Transit engine ({@code vault:v1:…}). Errors that may pass are tried three
 * times in all. No content of Vault's responses gets into a message.
 */
@Singleton
@Identifier(TransitKeys.NAME)
final class TransitKeys implements KeyProvider {

    static final String NAME = "vault-transit";

    private final TransitSettings settings;
    private final String key;
    private final OutboundProxies proxies;

    @Inject
    TransitKeys(TransitConfig config, OutboundTls tls, OutboundProxies proxies) {
        var violations = new ConfigViolations();
        TransitSettings checked = TransitSettings.of(config, tls, violations);
        this.key = config.key().orElse("");
        violations.addIf(
                !TransitSettings.isKeyName(key), TransitSettings.PREFIX + "key", "must be the name of a Transit key");
        violations.throwIfAny();
        this.settings = Objects.requireNonNull(checked);
        this.proxies = proxies;
    }

    @Override
    public byte[] unwrap(String keyId, String stored) {
        if (!stored.startsWith("vault:v")) {
            throw new KeyUnavailableException("contains no Transit ciphertext (vault:v1:…)");
        }
        // Calls are rare: the proxy's credentials or a certificate may have been replaced since the last one.
        var engine = new TransitEngine(settings, proxies);
        try {
            return plaintext(
                    engine.await((api, token, namespace) -> api.decrypt(token, namespace, key, new Wrapped(stored))));
        } catch (TransitFailure e) {
            throw new KeyUnavailableException("cannot be unwrapped: " + e.getMessage());
        } finally {
            engine.close();
        }
    }

    private static byte[] plaintext(@Nullable Decrypted answer) {
        String plaintext =
                answer == null || answer.data() == null ? null : answer.data().plaintext();
        if (plaintext == null) {
            throw new KeyUnavailableException("cannot be unwrapped: the Transit engine returned no plaintext");
        }
        try {
            return Base64.getDecoder().decode(plaintext);
        } catch (IllegalArgumentException e) {
            throw new KeyUnavailableException("cannot be unwrapped: the Transit engine returned no base64");
        }
    }
}
