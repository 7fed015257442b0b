package dev.tokenkeep.http;

import dev.tokenkeep.settings.ConfigViolations;
import dev.tokenkeep.settings.Loopback;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.quarkus.runtime.Startup;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a request may go if somebody other than the operator has chosen its address. Nobody may
 * reach the operator's own network through Tokenkeep: only public addresses are allowed, and those in {@code
 * tokenkeep.outbound.allowed-networks}.
 */
@Singleton
@Startup(ConfigViolations.CHECKED)
public class PublicAddresses {

    private static final String NETWORKS = "tokenkeep.outbound.allowed-networks";

    /** IANA's registries of special-purpose addresses, and multicast. */
    private static final List<IpSubnetFilterRule> SPECIAL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    // Everything but 2000::/3, which has the addresses that are given out.
                    "::/3",
                    "4000::/2",
                    "8000::/1",
                    "2001::/23",
                    "2001:db8::/32",
                    // 6to4 addresses lead to an address of IPv4.
                    "2002::/16",
                    "3fff::/20")
            .map(network -> Objects.requireNonNull(rule(network)))
            .toList();

    private final List<IpSubnetFilterRule> allowed;
    private final HostLookups lookups;

    @Inject
    PublicAddresses(OutboundConfig config, HostLookups lookups) {
        this(config.allowedNetworks().orElse(List.of()), lookups);
    }

    PublicAddresses(List<String> networks, HostLookups lookups) {
        this.lookups = lookups;
        var violations = new ConfigViolations();
        allowed = networks.stream()
                .map(String::strip)
                .flatMap(network -> {
                    IpSubnetFilterRule rule = rule(network);
                    violations.addIf(
                            rule == null,
                            NETWORKS,
                            "'" + network + "' is not a network; write it as 10.1.0.0/16 or fd00:1::/32");
                    return Stream.ofNullable(rule);
                })
                .toList();
        violations.throwIfAny();
    }

    /** Returns null if it is not a network. Never resolves a name. */
    private static @Nullable IpSubnetFilterRule rule(String network) {
        int slash = network.indexOf('/');
        InetAddress address = slash < 0 ? null : literal(network.substring(0, slash));
        if (address == null) {
            return null;
        }
        try {
            return new IpSubnetFilterRule(
                    address, Integer.parseInt(network.substring(slash + 1)), IpFilterRuleType.ACCEPT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns null if it is not the text of an address. Never resolves a name. */
    private static @Nullable InetAddress literal(String host) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /**
     * Looks where this URL leads, as far as can be known before there is a connection. Never blocks.
     *
     * @param direct whether the name is resolved here, and not by a proxy
     * @return whether a request may go there; fails with an {@link UnknownHostException} if the name is not known
     */
    CompletionStage<Boolean> look(URI uri, boolean direct) {
        boolean mayGo = objection(uri).isEmpty();
        if (!mayGo || !direct) {
            return CompletableFuture.completedFuture(mayGo);
        }
        return lookups.of(host(uri)).thenApply(all -> all.stream().allMatch(this::allow));
    }

    /** Returns whether a request may go through a connection to this address. */
    boolean allow(@Nullable SocketAddress connected) {
        InetAddress address =
                connected == null || connected.hostAddress() == null ? null : literal(connected.hostAddress());
        return address != null && allow(address);
    }

    boolean allow(InetAddress address) {
        var asked = new InetSocketAddress(address, 0);
        return allowed.stream().anyMatch(network -> network.matches(asked))
                || SPECIAL.stream().noneMatch(network -> network.matches(asked));
    }

    /**
     * Returns why nothing may be sent there, as far as the URL tells; empty if it may. The addresses of a name are
     * checked before a connection is made, and that of the connection again.
     */
    public Optional<String> objection(URI uri) {
        InetAddress address = Loopback.is(uri.getHost()) ? InetAddress.getLoopbackAddress() : literal(host(uri));
        return address == null || allow(address)
                ? Optional.empty()
                : Optional.of("is not at a public address; the operator can allow it with " + NETWORKS);
    }

    /** Returns the host without the brackets of an IPv6 address. */
    private static String host(URI uri) {
        return Objects.requireNonNullElse(uri.getHost(), "").replaceAll("^\\[|]$", "");
    }
}
