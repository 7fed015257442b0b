package dev.tokenkeep.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The process of {@link AuthorizationServerMain}, and its ledger. */
final class AuthorizationServers implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;
    private final Path ledger;

    private AuthorizationServers(Process process, Path ledger) {
        this.process = process;
        this.ledger = ledger;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        this.commands = new PrintWriter(process.getOutputStream(), true, UTF_8);
    }

    static AuthorizationServers start(
            long seed, Duration lifetime, Duration leeway, ClientKind client, Path publicKeys) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "harness"));
            Path ledger = folder.resolve("ledger-" + seed + ".tsv");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-Dsun.net.httpserver.nodelay=true",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            AuthorizationServerMain.class.getName(),
                            ledger.toString(),
                            String.valueOf(seed),
                            String.valueOf(lifetime.toSeconds()),
                            String.valueOf(leeway.toSeconds()),
                            client.name(),
                            publicKeys.toString())
                    .redirectError(folder.resolve("authorization-servers.log").toFile())
                    .start();
            return new AuthorizationServers(process, ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String tokenEndpoint(Mode mode) {
        return ask("endpoint " + mode).get(0);
    }

    /** Token responses of new families. */
    List<String> issue(Mode mode, int number) {
        return ask("issue " + mode + " " + number);
    }

    void troubles(boolean on) {
        ask("troubles " + on);
    }

    void clientSecret(Mode mode, String secret) {
        ask("secret " + mode + " " + secret);
    }

    List<LedgerLine> ledger() {
        try (Stream<String> lines = Files.lines(ledger)) {
            return lines.map(LedgerLine::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized List<String> ask(String command) {
        commands.println(command);
        var lines = new ArrayList<String>();
        try {
            for (String line = answers.readLine(); !".".equals(line); line = answers.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("The authorization servers have ended");
                }
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
