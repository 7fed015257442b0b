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
 * A proxy that requests go through by {@code CONNECT} (RFC 9110 §9.3.6): it learns where they go, and nothing of what is in them.
 *
 * @param user null if it asks for none
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
     * Reads {@code host:port}, or {@code http://user:password@host:port} as {@code HTTPS_PROXY} has it.
     *
     * @throws IllegalArgumentException saying what is wrong; its message quotes nothing
     */
    static OutboundProxy parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text.strip() : "http://" + text.strip());
        } catch (URISyntaxException e) {
            // Without the cause: it quotes the credentials.
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
     * With these credentials, {@code user:password}.
     *
     * @throws IllegalArgumentException if they are none; its message quotes nothing
     */
    OutboundProxy as(String credentials) {
        int colon = credentials.indexOf(':');
        if (colon < 1 || credentials.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("must hold user:password");
        }
        return new OutboundProxy(
                host, port, credentials.substring(0, colon), Secret.of(credentials.substring(colon + 1)));
    }

    /** For HTTP clients of Vert.x. */
    public ProxyOptions options() {
        var options = new ProxyOptions().setType(ProxyType.HTTP).setHost(host).setPort(port);
        return user == null || password == null
                ? options
                : options.setUsername(user).setPassword(password.reveal());
    }

    /** Where it is, for people. */
    public String address() {
        return host + ":" + port;
    }
}
