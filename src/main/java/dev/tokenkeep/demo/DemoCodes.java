package dev.tokenkeep.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tokenkeep.oauth.S256;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The authorization codes of the demonstration's authorization server. Each is valid once, with its verifier. */
@Singleton
@IfBuildProfile("dev")
class DemoCodes {

    private final DemoGrants grants;
    private final Map<String, Issued> codes = new ConcurrentHashMap<>();

    DemoCodes(DemoGrants grants) {
        this.grants = grants;
    }

    private record Issued(String redirectUri, String challenge) {}

    String issue(String redirectUri, String challenge) {
        String code = UUID.randomUUID().toString();
        codes.put(code, new Issued(redirectUri, challenge));
        return code;
    }

    /** Returns tokens; empty for {@code invalid_grant}. */
    Optional<ObjectNode> redeem(String code, @Nullable String redirectUri, @Nullable String verifier) {
        Issued issued = codes.remove(code);
        return issued != null
                        && verifier != null
                        && issued.redirectUri().equals(redirectUri)
                        && issued.challenge().equals(S256.of(verifier))
                ? Optional.of(grants.signIn())
                : Optional.empty();
    }
}
