package dev.tokenkeep.replicas;

import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/** Two replicas that are killed and started again while callers and browsers go on. */
final class KilledReplicas implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Map<String, String> environment;
    private final Random random;
    private final AtomicReferenceArray<PackagedApplication> replicas = new AtomicReferenceArray<>(2);

    KilledReplicas(Map<String, String> environment, Random random) {
        this.environment = environment;
        this.random = random;
    }

    void start() {
        start(0);
        start(1);
    }

    private void start(int number) {
        PackagedApplication replica = PackagedApplication.launch(environment);
        replica.awaitReady();
        replicas.set(number, replica);
    }

    /** Kills one of them, and starts it again. */
    void kill(int number) {
        replicas.get(number).kill();
        start(number);
    }

    PackagedApplication one() {
        return replicas.get(0);
    }

    HttpResponse<String> post(String path, String body) {
        return persistently(replica -> replica.post(path, body));
    }

    /** Makes the same call again, at any replica, until there is an answer that another call would not change. */
    HttpResponse<String> persistently(Function<PackagedApplication, HttpResponse<String>> call) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> once(call), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<HttpResponse<String>> once(Function<PackagedApplication, HttpResponse<String>> call) {
        try {
            HttpResponse<String> answer = call.apply(replicas.get(chosen()));
            boolean again = answer.statusCode() >= 500 || answer.body().contains("authorization-in-progress");
            return again ? Optional.empty() : Optional.of(answer);
        } catch (UncheckedIOException e) {
            // This replica was killed.
            return Optional.empty();
        }
    }

    private int chosen() {
        synchronized (random) {
            return random.nextInt(2);
        }
    }

    @Override
    public void close() {
        for (int number = 0; number < replicas.length(); number++) {
            PackagedApplication replica = replicas.get(number);
            if (replica != null) {
                replica.close();
            }
        }
    }
}
