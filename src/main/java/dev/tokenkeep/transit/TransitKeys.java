package dev.tokenkeep.transit;

import dev.tokenkeep.crypto.KeyProvider;
import dev.tokenkeep.crypto.KeyUnavailableException;
import dev.tokenkeep.http.OutboundProxies;
import dev.tokenkeep.http.OutboundTls;
import dev.tokenkeep.transit.TransitApi.Decrypted;
import dev.tokenkeep.transit.TransitApi.Wrapped;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.TimeoutException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Unwraps files that hold a ciphertext of a Transit engine ({@code vault:v1:…}). Errors that may pass are tried three
 * times in all. No content of Vault's responses gets into a message.
 */
@Singleton
@Identifier(TransitKeys.NAME)
final class TransitKeys implements KeyProvider {

    static final String NAME = "vault-transit";

    private static final int RETRIES = 2;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);
    private static final Duration MAX_DURATION = Duration.ofSeconds(15);
    private static final Set<Integer> PASSING = Set.of(412, 429, 500, 502, 503, 504);

    private final TransitSettings settings;
    private final OutboundProxies proxies;

    @Inject
    TransitKeys(TransitConfig config, OutboundTls tls, OutboundProxies proxies) {
        this.settings = TransitSettings.of(config, tls);
        this.proxies = proxies;
    }

    @Override
    public byte[] unwrap(String keyId, String stored) {
        if (!stored.startsWith("vault:v")) {
            throw new KeyUnavailableException("contains no Transit ciphertext (vault:v1:…)");
        }
        String token = token();
        Decrypted answer;
        // Calls are rare: the proxy's credentials or a certificate may have been replaced since the last one.
        TransitApi api = TransitClients.create(settings, proxies.to(settings.address()));
        try {
            answer = api.decrypt(token, settings.namespace(), settings.key(), new Wrapped(stored))
                    .onFailure(TransitKeys::passes)
                    .retry()
                    .withBackOff(FIRST_WAIT, MAX_WAIT)
                    .atMost(RETRIES)
                    .await()
                    .atMost(MAX_DURATION);
        } catch (RuntimeException e) {
            throw new KeyUnavailableException("cannot be unwrapped: " + reason(e));
        } finally {
            TransitClients.close(api);
        }
        return plaintext(answer);
    }

    private String token() {
        try {
            return Files.readString(settings.tokenFile()).strip();
        } catch (IOException e) {
            throw new KeyUnavailableException("cannot be unwrapped: the token file " + settings.tokenFile()
                    + " cannot be read: " + e.getClass().getSimpleName());
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

    private static boolean passes(Throwable failure) {
        return failure instanceof WebApplicationException answered
                ? PASSING.contains(answered.getResponse().getStatus())
                : !(failure instanceof KeyUnavailableException);
    }

    private String reason(RuntimeException failure) {
        if (failure instanceof WebApplicationException answered) {
            return "the Transit engine at " + settings.address() + " answered "
                    + answered.getResponse().getStatus();
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return "the Transit engine at " + settings.address() + " could not be reached: "
                + (failure instanceof TimeoutException ? failure : cause)
                        .getClass()
                        .getSimpleName();
    }
}
