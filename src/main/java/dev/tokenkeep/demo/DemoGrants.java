package dev.tokenkeep.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The grants of the demonstration's authorization server, with strict rotation: each refresh token is valid once, and a
 * second use revokes its grant. They are stored in a file, so sessions survive a restart.
 */
@Singleton
@IfBuildProfile("dev")
class DemoGrants {

    static final int EXPIRES_IN = 60;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVOKED = "revoked";

    private final Path file = DemoDirectory.path().resolve("authorization-server.json");
    /** By grant: the refresh token that is valid now, or {@link #REVOKED}. */
    private final ObjectNode grants = read(file);

    private static ObjectNode read(Path file) {
        try {
            return Files.exists(file) ? (ObjectNode) JSON.readTree(file.toFile()) : JSON.createObjectNode();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + "; remove it to start the demo again", e);
        }
    }

    /** Signs a user in and returns the token response. */
    synchronized ObjectNode signIn() {
        return tokens(UUID.randomUUID().toString());
    }

    /** Returns new tokens; empty for {@code invalid_grant}. */
    synchronized Optional<ObjectNode> refresh(String refreshToken) {
        String grant = grantOf(refreshToken);
        String good = grants.path(grant).asText(REVOKED);
        if (good.equals(refreshToken)) {
            return Optional.of(tokens(grant));
        }
        if (!good.equals(REVOKED)) {
            revoke(refreshToken);
        }
        return Optional.empty();
    }

    synchronized void revoke(String refreshToken) {
        if (grants.has(grantOf(refreshToken))) {
            grants.put(grantOf(refreshToken), REVOKED);
            save();
        }
    }

    private ObjectNode tokens(String grant) {
        String refreshToken = "demo-rt." + grant + "." + UUID.randomUUID();
        grants.put(grant, refreshToken);
        save();
        return JSON.createObjectNode()
                .put("access_token", "demo-at." + UUID.randomUUID())
                .put("token_type", "Bearer")
                .put("expires_in", EXPIRES_IN)
                .put("refresh_token", refreshToken)
                .put("scope", "demo");
    }

    private static String grantOf(String refreshToken) {
        String[] parts = refreshToken.split("\\.", -1);
        return parts.length == 3 ? parts[1] : "";
    }

    private void save() {
        try {
            // Whenever the process is killed, the file is complete: either the old one or the new one.
            Path written = file.resolveSibling(file.getFileName() + ".new");
            JSON.writeValue(written.toFile(), grants);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
