package dev.tokenkeep.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** {@code tokenkeep.outbound.*}. */
@ConfigMapping(prefix = "tokenkeep.outbound")
interface OutboundConfig {

    /** {@code host:port} of an HTTP proxy; {@code none} for none. What {@code HTTPS_PROXY} says if left out. */
    Optional<String> proxy();

    /** A file that holds {@code user:password} for the proxy. */
    Optional<String> proxyCredentialsFile();

    /** Hosts, and domains with all that is below them, that are reached without the proxy. */
    Optional<List<String>> noProxy();
}
