package dev.tokenkeep.authorizationserver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.authorizationserver.AuthorizationRequestSender.Expected;
import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.registration.ClientRegistration;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks the authorization server for device codes and user codes (RFC 8628 §3.1). */
@ApplicationScoped
public class DeviceAuthorizationEndpoint {

    /** If the response has none (RFC 8628 §3.2). */
    private static final long DEFAULT_INTERVAL = 5;

    private static final long MAX_INTERVAL = 300;
    private static final long MAX_LIFETIME = 3600;
    private static final Pattern USER_CODE = Pattern.compile("\\p{Print}{1,64}");
    private static final Expected<DeviceAuthorization> OK =
            new Expected<>(200, DeviceAuthorizationEndpoint::authorization);

    private final AuthorizationRequestSender sender;

    DeviceAuthorizationEndpoint(AuthorizationRequestSender sender) {
        this.sender = sender;
    }

    /**
     * A user code, and the device code to poll with (RFC 8628 §3.2).
     *
     * @param completeUri has the user code; null if the server has none
     * @param interval the least time between two polls
     */
    public record DeviceAuthorization(
            Secret deviceCode,
            Secret userCode,
            URI verificationUri,
            @Nullable URI completeUri,
            Duration expiresIn,
            Duration interval) {

        @Override
        public String toString() {
            return "[device authorization]";
        }
    }

    /**
     * Sends a request. Never blocks and never completes exceptionally.
     *
     * @param parameters the client's credentials are added
     */
    public CompletionStage<AuthorizationReply<DeviceAuthorization>> authorize(
            ClientRegistration registration, URI endpoint, Map<String, String> parameters, Duration hardCap) {
        return sender.send(registration, endpoint, parameters, OK, hardCap);
    }

    private static Optional<DeviceAuthorization> authorization(JsonNode json) {
        String deviceCode = AuthorizationRequestSender.text(json, "device_code");
        String userCode = AuthorizationRequestSender.text(json, "user_code");
        // Google names it verification_url.
        URI uri = webAddress(json, "verification_uri").orElse(null);
        URI verificationUri = uri == null ? webAddress(json, "verification_url").orElse(null) : uri;
        long lifetime = json.path("expires_in").asLong();
        if (deviceCode.isBlank()
                || !USER_CODE.matcher(userCode).matches()
                || verificationUri == null
                || lifetime <= 0) {
            return Optional.empty();
        }
        long interval = json.path("interval").asLong(DEFAULT_INTERVAL);
        return Optional.of(new DeviceAuthorization(
                Secret.of(deviceCode),
                Secret.of(userCode),
                verificationUri,
                webAddress(json, "verification_uri_complete").orElse(null),
                Duration.ofSeconds(Math.min(lifetime, MAX_LIFETIME)),
                Duration.ofSeconds(Math.max(1, Math.min(interval, MAX_INTERVAL)))));
    }

    /** A page of the user's browser, so nothing but a web address will do. */
    private static Optional<URI> webAddress(JsonNode json, String member) {
        try {
            return Optional.of(new URI(AuthorizationRequestSender.text(json, member)))
                    .filter(uri -> ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                            && uri.getHost() != null
                            && uri.getRawUserInfo() == null);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
