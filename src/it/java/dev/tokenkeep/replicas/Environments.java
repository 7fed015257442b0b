package dev.tokenkeep.replicas;

import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import java.util.Map;

/** Environments of the packaged application. */
final class Environments {

    private Environments() {}

    /** A registration {@code TEST} at a scripted authorization server, under strict rotation. */
    static void registration(Map<String, String> environment, ScriptedAuthorizationServer server) {
        registration(environment, "TEST", server, "strict");
    }

    static void registration(
            Map<String, String> environment, String name, ScriptedAuthorizationServer server, String rotation) {
        String prefix = "TOKENKEEP_REGISTRATIONS_" + name + "_";
        environment.put(prefix + "TOKEN_ENDPOINT", server.tokenEndpoint().toString());
        environment.put(
                prefix + "REVOCATION_ENDPOINT", server.revocationEndpoint().toString());
        environment.put(prefix + "CLIENT_ID", ScriptedAuthorizationServer.CLIENT_ID);
        environment.put(prefix + "CLIENT_SECRET", ScriptedAuthorizationServer.CLIENT_SECRET);
        environment.put(prefix + "ROTATION", rotation);
    }
}
