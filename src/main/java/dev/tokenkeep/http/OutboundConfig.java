package dev.tokenkeep.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** {@code tokenkeep.outbound.*}. */
@ConfigMapping(prefix = "tokenkeep.outbound")
interface OutboundConfig {

    /** {@code host:port} of an HTTP proxy; {@code none} for none. If it is missing, {@code HTTPS_PROXY} applies. */
    Optional<String> proxy();

    /** A file that holds {@code user:password} for the proxy. */
    Optional<String> proxyCredentialsFile();

    /** Hosts and domains, with all their subdomains, that are reached without the proxy. */
    Optional<List<String>> noProxy();

    /**
     * Networks, such as {@code 10.1.0.0/16}, that may be reached at addresses that others than the operator have chosen.
     */
    Optional<List<String>> allowedNetworks();
}
