package dev.tokenkeep.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.replicas.Callers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers that read access tokens all the time, and look at what they get: the scripted tokens tell when they expire.
 */
final class Readers implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 4;
    private static final int FORCED_ONE_IN = 20;
    private static final Set<String> WITHHELD = Set.of(
            "urn:tokenkeep:problem:reauthentication-required",
            "urn:tokenkeep:problem:user-action-required",
            "urn:tokenkeep:problem:registration-paused",
            "urn:tokenkeep:problem:authorization-server-unavailable");

    private final List<Replica> replicas;
    private final List<String> sessions;
    private final Random random;
    /** Until when a session's last token was told to live, at least. */
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    private final Callers callers;

    final AtomicInteger served = new AtomicInteger();
    /** Tokens that had expired before they were asked for, or were told to live longer than they do. */
    final AtomicInteger expired = new AtomicInteger();
    /** Refusals while the token that was served last was told to live for another second. */
    final AtomicInteger withheld = new AtomicInteger();
    /** What a killed or stopped replica, or one without its database, could not answer. */
    final AtomicInteger unanswered = new AtomicInteger();

    Readers(List<Replica> replicas, List<String> sessions, long seed) {
        this.replicas = replicas;
        this.sessions = sessions;
        this.random = new Random(seed);
        this.callers = new Callers(THREADS, this::read);
    }

    private void read() {
        Replica.pause(Duration.ofMillis(20));
        String session;
        Replica replica;
        synchronized (this) {
            session = sessions.get(random.nextInt(sessions.size()));
            replica = replicas.get(random.nextInt(replicas.size()));
        }
        if (replica.serving()) {
            read(session, replica);
        }
    }

    private void read(String session, Replica replica) {
        long asked = System.currentTimeMillis();
        Long end = told.get(session);
        try {
            HttpResponse<String> answer = replica.application().accessToken(session);
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() == 200) {
                served(session, asked, body);
                if (refused()) {
                    force(session, replica, body);
                }
            } else if (WITHHELD.contains(body.path("type").asText())
                    && end != null
                    && end > System.currentTimeMillis() + 1_000) {
                withheld.incrementAndGet();
            } else {
                unanswered.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            unanswered.incrementAndGet();
        }
    }

    private void served(String session, long asked, JsonNode body) {
        long expiry = expiry(body.get("access_token").textValue());
        long lives = body.get("expires_in").longValue() * 1_000;
        served.incrementAndGet();
        if (expiry < asked || expiry - asked < lives - 100) {
            expired.incrementAndGet();
            System.out.printf(
                    "Expired: session %s, version %s, asked %d ms before its end, told that it lives %d ms%n",
                    session, body.get("version"), expiry - asked, lives);
        }
        // Not the authorization server's own end, which is later by what its answer took (RFC 6749 §5.1: nobody knows).
        told.put(session, asked + lives);
    }

    /** What is left of a scripted access token. */
    static Duration left(String accessToken) {
        return Duration.ofMillis(expiry(accessToken) - System.currentTimeMillis());
    }

    private static long expiry(String accessToken) {
        return Long.parseLong(accessToken.substring(accessToken.lastIndexOf('-') + 1));
    }

    /** As the caller does whose resource server has just refused this version. */
    private static void force(String session, Replica replica, JsonNode token) {
        replica.application()
                .post("/v1/sessions/" + session + "/refresh", "{\"if_version\":" + token.get("version") + "}");
    }

    private synchronized boolean refused() {
        return random.nextInt(FORCED_ONE_IN) == 0;
    }

    @Override
    public void close() {
        callers.close();
    }
}
