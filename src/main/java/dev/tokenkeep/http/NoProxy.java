package dev.tokenkeep.http;

import java.util.List;
import java.util.Locale;

/**
 * Hosts that are reached without a proxy, in the syntax of {@code NO_PROXY}: {@code example.com} and {@code
 * .example.com} mean the host and all its subdomains, {@code *} means every host. A port after the host restricts it to
 * that port.
 */
record NoProxy(List<String> hosts) {

    static NoProxy of(List<String> told) {
        return new NoProxy(told.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList());
    }

    boolean has(String host, int port) {
        String asked = host.toLowerCase(Locale.ROOT);
        return hosts.stream().anyMatch(told -> matches(told, asked, port));
    }

    private static boolean matches(String told, String host, int port) {
        String suffix = ":" + port;
        String domain = told.endsWith(suffix) ? told.substring(0, told.length() - suffix.length()) : told;
        String bare = domain.startsWith("*.") ? domain.substring(1) : domain;
        String above = bare.startsWith(".") ? bare : "." + bare;
        return domain.equals("*") || host.equals(above.substring(1)) || host.endsWith(above);
    }
}
