package dev.tokenkeep.replicas;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** What stands before replicas: leaves out those that are not ready, and tries another one where one does not answer. */
interface Balancer extends AutoCloseable {

    /** HAProxy, where it is installed; otherwise what does the same by its own hand. */
    static Balancer before(List<PackagedApplication> replicas) {
        Balancer haproxy = Haproxy.before(replicas);
        return haproxy == null ? new RoundRobin(replicas) : haproxy;
    }

    /** What came of a GET, whoever answered it; an exception if nobody did. */
    HttpResponse<String> get(String path, String token) throws Exception;

    /** A new process has taken the place of number {@code place}. */
    void replaced(int place, PackagedApplication replica);

    /** Whether the one at this place is in use. */
    boolean uses(int place);

    /** Requests that were tried again. */
    long retried();

    @Override
    void close();

    /** HTTP/1.1: an upgrade to HTTP/2 is a tunnel to one replica, past whatever stands before it. */
    static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build();
    }

    static HttpResponse<String> get(HttpClient http, URI url, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(url)
                        .timeout(Duration.ofSeconds(20))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }
}
