package dev.tokenkeep.keyring;

import dev.tokenkeep.crypto.KeyIds;
import dev.tokenkeep.crypto.TokenCipher;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Reports ready as long as this replica can read what the other replicas encrypt. */
@Readiness
@ApplicationScoped
class KeysReadiness implements HealthCheck {

    private final TokenCipher cipher;
    private final KeyHeartbeat heartbeat;

    KeysReadiness(TokenCipher cipher, KeyHeartbeat heartbeat) {
        this.cipher = cipher;
        this.heartbeat = heartbeat;
    }

    @Override
    public HealthCheckResponse call() {
        KeyIds mine = cipher.keys();
        var unreadable = KeyAgreement.unreadable(mine, heartbeat.live());
        var response = HealthCheckResponse.named("tokenkeep keys").withData("encrypting", mine.encrypting());
        if (!unreadable.isEmpty()) {
            response.withData("missing", String.join(", ", unreadable));
        }
        return response.status(unreadable.isEmpty()).build();
    }
}
