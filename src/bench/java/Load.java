import dev.tokenkeep.replicas.PackagedApplication;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.RotationMode;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.testing.TestDatabase;
import dev.tokenkeep.testing.TestKeys;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * What one replica needs: memory and CPU at rest, under 1,000 reads a second, while it refreshes, and under both. It has the
 * options of the container image under a limit of 512 MiB. Run it by {@code ./mvnw package -Pbench -Dbench=Load -Dbench.arguments='[seconds]'}, which
 * builds it; {@code k8s/base/deployment.yaml} has its requests and limits from here.
 */
public final class Load {

    private static final int SESSIONS = 1_000;
    private static final int READS_A_SECOND = 1_000;
    private static final int TICKS_A_SECOND = 100;
    /** The collector is the one that a JVM takes by itself where it sees so little memory. */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private static final String TOKEN =
            CallerKeys.token("sub-it", CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofHours(2));
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        Map<String, String> environment = PackagedApplication.environment(TestDatabase.create(), TestKeys.directory());
        environment.put("TOKENKEEP_CALLERS_IT_MAX_CONCURRENCY", "1000");
        try (var lasting = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofHours(2));
                var shortLived = ScriptedAuthorizationServer.start(RotationMode.STRICT, Duration.ofSeconds(20))) {
            registration(environment, "LASTING", lasting);
            registration(environment, "SHORT", shortLived);
            try (var application = PackagedApplication.launch(environment, OPTIONS, () -> TOKEN)) {
                application.awaitReady();
                System.out.printf(
                        "| one replica | reads/s | failed | refreshes/s | CPU (cores) | memory (MiB) |%n|---|---|---|---|---|---|%n");
                phase("at rest", application, List.of(), shortLived, seconds);
                List<String> read = registered(application, "lasting", lasting);
                // Once without being counted: everything is compiled by then.
                read(application, read, 10, new AtomicInteger());
                phase("reads", application, read, shortLived, seconds);
                registered(application, "short", shortLived);
                phase("refreshes", application, List.of(), shortLived, seconds);
                phase("reads and refreshes", application, read, shortLived, seconds);
            }
        }
    }

    private static void registration(Map<String, String> environment, String name, ScriptedAuthorizationServer server) {
        String prefix = "TOKENKEEP_REGISTRATIONS_" + name + "_";
        environment.put(prefix + "TOKEN_ENDPOINT", server.tokenEndpoint().toString());
        environment.put(prefix + "CLIENT_ID", ScriptedAuthorizationServer.CLIENT_ID);
        environment.put(prefix + "CLIENT_SECRET", ScriptedAuthorizationServer.CLIENT_SECRET);
    }

    private static List<String> registered(
            PackagedApplication application, String registration, ScriptedAuthorizationServer server) {
        return IntStream.range(0, SESSIONS)
                .mapToObj(i -> application.register(
                        registration, "user-" + i, server.issue("user-" + i).json()))
                .toList();
    }

    private static void phase(
            String name,
            PackagedApplication application,
            List<String> sessions,
            ScriptedAuthorizationServer refreshing,
            int seconds)
            throws Exception {
        var failed = new AtomicInteger();
        long cpu = ticks(application);
        int refreshes = refreshing.ledger().tokenRequests();
        long start = System.nanoTime();
        int reads = 0;
        if (sessions.isEmpty()) {
            Thread.sleep(Duration.ofSeconds(seconds).toMillis());
        } else {
            reads = read(application, sessions, seconds, failed);
        }
        double took = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "| %s | %.0f | %d | %.0f | %.2f | %d |%n",
                name,
                reads / took,
                failed.get(),
                (refreshing.ledger().tokenRequests() - refreshes) / took,
                (ticks(application) - cpu) / took / TICKS_A_SECOND,
                resident(application));
    }

    /** Each when it is due, whatever became of those before it; answers how many. */
    private static int read(PackagedApplication application, List<String> sessions, int seconds, AtomicInteger failed) {
        var requests = new ArrayList<HttpRequest>();
        for (String session : sessions) {
            requests.add(HttpRequest.newBuilder(application.url("/v1/sessions/" + session + "/access-token"))
                    .header("Authorization", "Bearer " + TOKEN)
                    .build());
        }
        var underWay = new Semaphore(500);
        long start = System.nanoTime();
        int all = seconds * READS_A_SECOND;
        for (int i = 0; i < all; i++) {
            long due = start + i * (1_000_000_000L / READS_A_SECOND);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            underWay.acquireUninterruptibly();
            HTTP.sendAsync(requests.get(i % requests.size()), BodyHandlers.discarding())
                    .whenComplete((answer, failure) -> {
                        underWay.release();
                        if (failure != null || answer.statusCode() != 200) {
                            failed.incrementAndGet();
                        }
                    });
        }
        underWay.acquireUninterruptibly(500);
        return all;
    }

    /** User and system time. */
    private static long ticks(PackagedApplication application) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(application.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long resident(PackagedApplication application) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(application.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .sum();
    }
}
