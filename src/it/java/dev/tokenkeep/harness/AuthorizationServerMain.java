package dev.tokenkeep.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TokenRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The authorization servers of the harness, one for each mode, in a process that no fault reaches. Commands come by the
 * standard input, one a line; each is answered by lines of which the last is a dot. Every token request goes to the
 * ledger file.
 */
public final class AuthorizationServerMain {

    private final Map<Mode, ScriptedAuthorizationServer> servers = new EnumMap<>(Mode.class);
    private final Map<Mode, RandomTroubles> troubles = new EnumMap<>(Mode.class);
    private final PrintStream answers = System.out;

    private AuthorizationServerMain(
            PrintWriter ledger, long seed, Duration lifetime, Duration leeway, ClientKind client, Path publicKeys) {
        for (Mode mode : Mode.values()) {
            var server = ScriptedAuthorizationServer.start(mode.rules(leeway), lifetime);
            client.demand(server, publicKeys);
            var trouble = new RandomTroubles(mode, seed + mode.ordinal());
            server.troubles(trouble::next);
            server.log(request -> write(ledger, mode, request));
            servers.put(mode, server);
            troubles.put(mode, trouble);
        }
    }

    /**
     * Arguments: the ledger file, the seed, the access tokens' lifetime and the leeway in seconds, the kind of client, and
     * the file that will have its public keys.
     */
    public static void main(String[] args) throws IOException {
        // Otherwise the servers' threads would keep the process, and the harness would wait for its answer.
        Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace();
            System.exit(1);
        });
        try (var ledger = new PrintWriter(Files.newBufferedWriter(Path.of(args[0])))) {
            new AuthorizationServerMain(
                            ledger,
                            Long.parseLong(args[1]),
                            seconds(args[2]),
                            seconds(args[3]),
                            ClientKind.valueOf(args[4]),
                            Path.of(args[5]))
                    .run();
        }
        System.exit(0);
    }

    private static Duration seconds(String text) {
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static void write(PrintWriter ledger, Mode mode, TokenRequest request) {
        synchronized (ledger) {
            ledger.println(LedgerLine.of(mode, request).text());
            ledger.flush();
        }
    }

    private void run() throws IOException {
        var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "endpoint" -> answers.println(server(words[1]).tokenEndpoint());
                case "issue" -> issue(server(words[1]), Integer.parseInt(words[2]));
                case "troubles" -> troubles.values().forEach(trouble -> trouble.on(Boolean.parseBoolean(words[1])));
                case "secret" -> server(words[1]).clientSecret(words[2]);
                default -> throw new IllegalArgumentException(line);
            }
            answers.println(".");
        }
    }

    private void issue(ScriptedAuthorizationServer server, int number) {
        for (int i = 0; i < number; i++) {
            answers.println(server.issue("user").json());
        }
    }

    private ScriptedAuthorizationServer server(String mode) {
        return servers.get(Mode.valueOf(mode));
    }
}
