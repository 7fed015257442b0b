package dev.tokenkeep.degradation;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.IssuedTokens;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TokenRequest;
import dev.tokenkeep.testing.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One kind of trouble at a server with one kind of rotation, its registration, and its sessions. */
final class Scenario implements AutoCloseable {

    static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final String BAD = "bad";

    /** How refresh tokens are rotated. */
    enum Rotation {
        NONE("none", RotationMode.NONE),
        LEEWAY("leeway", RotationMode.leeway(Scenario.LEEWAY)),
        STRICT("strict", RotationMode.STRICT);

        private final String declared;
        private final RotationMode rules;

        Rotation(String declared, RotationMode rules) {
            this.declared = declared;
            this.rules = rules;
        }
    }

    /**
     * A session.
     *
     * @param family what its refresh tokens have in common
     * @param bad whether it is refused for ever
     */
    record Kept(String id, String family, boolean bad) {}

    final Degradation degradation;
    final Rotation rotation;
    final String registration;
    final List<Kept> sessions = new ArrayList<>();
    final Queue<TokenRequest> requests = new ConcurrentLinkedQueue<>();
    private final Extent extent;
    private final Random random;
    private final ScriptedAuthorizationServer server;
    private volatile long endNanos;
    private volatile boolean degraded;

    Scenario(Degradation degradation, Rotation rotation, Extent extent, long seed) {
        this.degradation = degradation;
        this.rotation = rotation;
        this.registration = degradation.label() + "-" + rotation.declared;
        this.extent = extent;
        this.random = new Random(seed + registration.hashCode());
        this.server = ScriptedAuthorizationServer.start(rotation.rules, extent.lifetime());
        server.log(requests::add);
        server.troubles(this::next);
    }

    private synchronized Trouble next() {
        return degraded
                ? degradation.trouble(random, Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())))
                : Trouble.NONE;
    }

    Map<String, String> settings() {
        String prefix = "tokenkeep.registrations." + registration + ".";
        var settings = new HashMap<String, String>();
        settings.put(prefix + "token-endpoint", server.tokenEndpoint().toString());
        settings.put(prefix + "client-id", ScriptedAuthorizationServer.CLIENT_ID);
        settings.put(prefix + "client-secret", ScriptedAuthorizationServer.CLIENT_SECRET);
        settings.put(prefix + "rotation", rotation.declared);
        if (rotation == Rotation.LEEWAY) {
            settings.put(prefix + "rotation-leeway", LEEWAY.toSeconds() + "S");
        }
        String limit = degradation.rateLimit(extent);
        if (limit != null) {
            settings.put(prefix + "rate-limit", limit);
        }
        return settings;
    }

    /** Whether a spent refresh token is taken again for as long as answers get lost. */
    boolean canLoseNothing() {
        return switch (rotation) {
            case NONE -> true;
            case LEEWAY -> !degradation.losesEveryAnswer() || extent.degraded().compareTo(LEEWAY) < 0;
            case STRICT -> false;
        };
    }

    void register(PackagedApplication replica) {
        int number = degradation.sessions(extent);
        int bad = degradation.badOf(number);
        for (int i = 0; i < number; i++) {
            IssuedTokens tokens = server.issue(i < bad ? BAD : "good");
            String id = replica.register(registration, "user-" + i, tokens.json());
            sessions.add(new Kept(id, family(tokens.refreshToken()), i < bad));
        }
    }

    void degrade() {
        endNanos = System.nanoTime() + extent.degraded().toNanos();
        degraded = true;
        if (sessions.stream().anyMatch(Kept::bad)) {
            server.answerAlwaysFor(BAD, 500, "");
        }
    }

    /** Those that are refused for ever stay so. */
    void recover() {
        degraded = false;
    }

    int spentTwice() {
        return rotation == Rotation.NONE ? 0 : server.ledger().spentTwice().size();
    }

    List<TokenRequest> requestsOf(Kept session) {
        return requests.stream()
                .filter(request -> family(request.refreshToken()).equals(session.family()))
                .toList();
    }

    static String family(String refreshToken) {
        return refreshToken.split("-")[1];
    }

    @Override
    public void close() {
        server.close();
    }
}
