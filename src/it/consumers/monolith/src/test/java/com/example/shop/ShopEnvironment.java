package com.example.shop;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** One database for both the application and the jar, an authorization server, a key. */
public class ShopEnvironment implements QuarkusTestResourceLifecycleManager {

    static final AtomicInteger REFRESHES = new AtomicInteger();

    private EmbeddedPostgres postgres;
    private HttpServer authorizationServer;

    @Override
    public Map<String, String> start() {
        try {
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("synchronous_commit", "on")
                    .start();
            authorizationServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            authorizationServer.createContext("/token", exchange -> {
                exchange.getRequestBody().readAllBytes();
                byte[] answer = tokens(REFRESHES.incrementAndGet()).getBytes();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            authorizationServer.start();
            var settings = new HashMap<String, String>();
            for (String datasource : new String[] {"quarkus.datasource.", "quarkus.datasource.tokenkeep."}) {
                settings.put(datasource + "jdbc.url", postgres.getJdbcUrl("postgres", "postgres"));
                settings.put(datasource + "username", "postgres");
                settings.put(datasource + "password", "postgres");
            }
            settings.put("tokenkeep.encryption.keys", keys().toString());
            String registration = "tokenkeep.registrations.payments.";
            settings.put(
                    registration + "token-endpoint",
                    "http://127.0.0.1:" + authorizationServer.getAddress().getPort() + "/token");
            settings.put(registration + "authorization-endpoint", "https://payments.example.com/authorize");
            settings.put("tokenkeep.sign-in.redirect-uris", "https://shop.example.com/payments/callback");
            settings.put(registration + "client-id", "shop");
            settings.put(registration + "client-secret", "secret");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String tokens(int number) {
        return """
                {"access_token":"at-%d","token_type":"Bearer","expires_in":4,"refresh_token":"rt-%d"}"""
                .formatted(number, number);
    }

    private static Path keys() throws IOException {
        Path directory = Files.createTempDirectory("keys");
        Files.writeString(directory.resolve("k1"), Base64.getEncoder().encodeToString(new byte[32]));
        Files.writeString(directory.resolve("primary"), "k1");
        return directory;
    }

    @Override
    public void stop() {
        authorizationServer.stop(0);
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
