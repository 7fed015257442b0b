import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Spring Security's authorized clients ({@code src/bench/peer}), which refreshes a token when it is asked for it and it has expired. */
final class Peer {

    static final String NAME = "Spring Security's authorized clients";
    static final String TABLE = "oauth2_authorized_client";

    private static final Path JAR = Path.of("target", "peer", "peer.jar");

    private Peer() {}

    static Server start(List<String> options, TestDatabase database, String tokenEndpoint) throws Exception {
        Path key = Path.of("target", "bench", "callers.pem").toAbsolutePath();
        Files.createDirectories(key.getParent());
        Files.writeString(key, CallerKeys.publicKey());
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPRING_DATASOURCE_URL", database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", database.user(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "SPRING_SECURITY_OAUTH2_CLIENT_PROVIDER_TEST_TOKENURI", tokenEndpoint,
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLICKEYLOCATION",
                        key.toUri().toString(),
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES", CallerKeys.AUDIENCE));
        var server = new Server(NAME, Server.JAVA, options, JAR, environment);
        server.awaitReady();
        return server;
    }

    /** With tokens for a day. */
    static void authorize(TestDatabase database, List<String> ids, Tokens tokens) throws Exception {
        new Rows(database).forEach("""
                        insert into oauth2_authorized_client (client_registration_id, principal_name, access_token_type,
                            access_token_value, access_token_issued_at, access_token_expires_at, refresh_token_value,
                            refresh_token_issued_at)
                        select 'test', id, 'Bearer', convert_to(?, 'UTF8'), now(), now() + interval '1 day',
                            convert_to(?, 'UTF8'), now()
                        from unnest(?) id
                        """, ids, tokens.access(), tokens.refresh());
    }
}
