package dev.tokenkeep.http;

import org.jspecify.annotations.Nullable;

/**
 * A destination's own proxy, which overrides the general one.
 *
 * @param proxy null for none
 */
public record ProxyChoice(@Nullable OutboundProxy proxy) {}
