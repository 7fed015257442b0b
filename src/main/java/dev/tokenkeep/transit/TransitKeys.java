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
 * Files that hold a ciphertext of a Transit engine ({@code vault:v1:…}). What may pass is tried three times; nothing that
 * Vault answers gets into a message.
 */
@Singleton
@Identifier(TransitKeys.NAME)
final class TransitKeys implements KeyProvider {

    static final String NAME = "vault-transit";

    private static final int RETRIES = 2;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration AT_MOST = Duration.ofSeconds(15);
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
            throw new KeyUnavailableException("holds no Transit ciphertext (vault:v1:…)");
        }
        String token = token();
        Decrypted answer;
        // Asked for once in a while: by then the proxy's credentials or a certificate may have been replaced.
        TransitApi api = TransitClients.create(settings, proxies.to(settings.address()));
        try {
            answer = api.decrypt(token, settings.namespace(), settings.key(), new Wrapped(stored))
                    .onFailure(TransitKeys::passes)
                    .retry()
                    .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                    .atMost(RETRIES)
                    .await()
                    .atMost(AT_MOST);
        } catch (RuntimeException e) {
            throw new KeyUnavailableException("can't be unwrapped: " + reason(e));
        } finally {
            TransitClients.close(api);
        }
        return plaintext(answer);
    }

    private String token() {
        try {
            return Files.readString(settings.tokenFile()).strip();
        } catch (IOException e) {
            throw new KeyUnavailableException("can't be unwrapped: the token file " + settings.tokenFile()
                    + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    private static byte[] plaintext(@Nullable Decrypted answer) {
        String plaintext =
                answer == null || answer.data() == null ? null : answer.data().plaintext();
        if (plaintext == null) {
            throw new KeyUnavailableException("can't be unwrapped: the Transit engine answered no plaintext");
        }
        try {
            return Base64.getDecoder().decode(plaintext);
        } catch (IllegalArgumentException e) {
            throw new KeyUnavailableException("can't be unwrapped: the Transit engine answered no base64");
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
