package dev.tokenkeep.authorizationserver.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tokenkeep.http.ConnectFailure;
import dev.tokenkeep.http.HttpResult;
import dev.tokenkeep.http.HttpSender;
import dev.tokenkeep.http.PrintableText;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Fetches an issuer's metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3). The issuer in the metadata must equal the
 * configured one exactly (CONFORMANCE A8).
 */
@ApplicationScoped
public class MetadataRequest {

    public static final String FAILED = "discovery_failed";
    public static final String MISMATCH = "issuer_mismatch";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpSender sender;

    MetadataRequest(HttpSender sender) {
        this.sender = sender;
    }

    /** What the issuer answered. */
    public sealed interface Answer {

        record Metadata(JsonNode json) implements Answer {}

        /**
         * There is no metadata.
         *
         * @param detail more about it for the log; may be empty
         */
        record Failed(String code, String detail) implements Answer {}
    }

    /** Fetches the metadata of a registration's issuer. Never blocks and never completes exceptionally. */
    public CompletionStage<Answer> send(ClientRegistration registration, Duration hardCap) {
        return send(registration, locations(registration), 0, hardCap);
    }

    private static List<URI> locations(ClientRegistration registration) {
        URI issuer = Objects.requireNonNull(registration.server().issuer());
        String base = issuer.toString().replaceFirst("/$", "");
        String path = Objects.requireNonNullElse(issuer.getRawPath(), "").replaceFirst("/$", "");
        return List.of(
                URI.create(base + "/.well-known/openid-configuration"),
                issuer.resolve("/.well-known/oauth-authorization-server" + path));
    }

    private CompletionStage<Answer> send(
            ClientRegistration registration, List<URI> locations, int index, Duration hardCap) {
        return sender.get(registration.destination(), locations.get(index), hardCap)
                .thenCompose(result -> {
                    Answer answer = read(registration, result);
                    boolean elsewhere = answer instanceof Answer.Failed failed
                            && failed.code().equals(FAILED)
                            && index + 1 < locations.size();
                    if (elsewhere && result instanceof HttpResult.Response) {
                        return send(registration, locations, index + 1, hardCap);
                    }
                    return CompletableFuture.completedFuture(answer);
                });
    }

    private static Answer read(ClientRegistration registration, HttpResult result) {
        if (result instanceof HttpResult.NotSent notSent) {
            return new Answer.Failed(notSent.code(), ", " + ConnectFailure.sentence(notSent.code()));
        }
        if (!(result instanceof HttpResult.Response response)) {
            return new Answer.Failed(FAILED, ", no answer");
        }
        if (response.status() != 200) {
            return new Answer.Failed(FAILED, ", the metadata request was answered with status " + response.status());
        }
        JsonNode json;
        try {
            json = JSON.readTree(response.body());
        } catch (IOException e) {
            return new Answer.Failed(FAILED, ", the metadata is not JSON");
        }
        String told = json.path("issuer").asText();
        if (!String.valueOf(registration.server().issuer()).equals(told)) {
            return new Answer.Failed(
                    MISMATCH,
                    ", tokenkeep.registrations.%s.issuer is %s and its metadata says %s"
                            .formatted(
                                    registration.name(),
                                    registration.server().issuer(),
                                    PrintableText.printable(told)));
        }
        return new Answer.Metadata(json);
    }
}
