package dev.tokenkeep.degradation;

import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Registrations of customers who bring their own authorization servers, a session each. One in twenty leads to a server that
 * accepts connections and never answers, one to a port where nobody listens.
 */
final class ManyRegistrations implements AutoCloseable {

    private static final int ONE_IN = 20;

    private final int number;
    private final ScriptedAuthorizationServer server;
    private final ServerSocket silent;
    private final String nobody;
    /** Of those whose servers are well. */
    final List<String> sessions = new ArrayList<>();

    ManyRegistrations(Extent extent) throws IOException {
        number = extent.many();
        server = ScriptedAuthorizationServer.start(RotationMode.STRICT, extent.lifetime());
        silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "http://127.0.0.1:" + closed.getLocalPort() + "/token";
        }
    }

    Map<String, String> settings() {
        var settings = new HashMap<String, String>();
        for (int i = 0; i < number; i++) {
            String prefix = "tokenkeep.registrations." + name(i) + ".";
            settings.put(prefix + "token-endpoint", endpoint(i));
            settings.put(prefix + "client-id", ScriptedAuthorizationServer.CLIENT_ID);
            settings.put(prefix + "client-secret", ScriptedAuthorizationServer.CLIENT_SECRET);
            settings.put(prefix + "rotation", "strict");
        }
        return settings;
    }

    private String endpoint(int i) {
        return switch (i % ONE_IN) {
            case 0 -> "http://127.0.0.1:" + silent.getLocalPort() + "/token";
            case 1 -> nobody;
            default -> server.tokenEndpoint().toString();
        };
    }

    void register(PackagedApplication replica) {
        for (int i = 0; i < number; i++) {
            String id = replica.register(name(i), "user", server.issue("user").json());
            if (i % ONE_IN > 1) {
                sessions.add(id);
            }
        }
    }

    private static String name(int i) {
        return "customer-" + i;
    }

    @Override
    public void close() throws IOException {
        server.close();
        silent.close();
    }
}
