package dev.tokenkeep.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
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
                        && issued.challenge().equals(challenge(verifier))
                ? Optional.of(grants.signIn())
                : Optional.empty();
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is missing", e);
        }
    }
}
