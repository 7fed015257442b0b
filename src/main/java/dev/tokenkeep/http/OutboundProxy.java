package dev.tokenkeep.http;

import dev.tokenkeep.oauth.Secret;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that requests go through by {@code CONNECT} (RFC 9110 §9.3.6). It learns where they go, but not what they
 * contain.
 *
 * @param user null if the proxy asks for no credentials
 * @param password null without a user
 */
public record OutboundProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable Secret password) {

    private static final int HIGHEST_PORT = 65535;
    private static final int HTTP = 80;

    /**
     * Reads {@code host:port}, or {@code http://user:password@host:port} as in {@code HTTPS_PROXY}.
     *
     * @throws IllegalArgumentException if it is invalid; the message says what is wrong and quotes nothing
     */
    static OutboundProxy parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text.strip() : "http://" + text.strip());
        } catch (URISyntaxException e) {
            // Without the cause, because it quotes the credentials.
            throw new IllegalArgumentException("must be host:port");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("must be an HTTP proxy: host:port, or http://host:port");
        }
        int port = uri.getPort() < 0 ? HTTP : uri.getPort();
        boolean more = uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || !(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        if (uri.getHost() == null || port == 0 || port > HIGHEST_PORT || more) {
            throw new IllegalArgumentException("must be host:port");
        }
        var plain = new OutboundProxy(uri.getHost(), port, null, null);
        return uri.getRawUserInfo() == null ? plain : plain.as(decoded(uri.getRawUserInfo()));
    }

    private static String decoded(String userInfo) {
        return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /**
     * Returns this proxy with these credentials, {@code user:password}.
     *
     * @throws IllegalArgumentException if they have another form; the message quotes nothing
     */
    OutboundProxy as(String credentials) {
        int colon = credentials.indexOf(':');
        if (colon < 1 || credentials.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must contain user:password");
        }
        return new OutboundProxy(
                host, port, credentials.substring(0, colon), Secret.of(credentials.substring(colon + 1)));
    }

    /** Returns the options for HTTP clients of Vert.x. */
    public ProxyOptions options() {
        var options = new ProxyOptions().setType(ProxyType.HTTP).setHost(host).setPort(port);
        return user == null || password == null
                ? options
                : options.setUsername(user).setPassword(password.reveal());
    }

    /** Returns {@code host:port}, for people to read. */
    public String address() {
        return host + ":" + port;
    }
}
