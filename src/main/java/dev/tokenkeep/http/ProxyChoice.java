package dev.tokenkeep.http;

import org.jspecify.annotations.Nullable;

/**
 * The proxy of a destination that has its own, whatever all others use.
 *
 * @param proxy null for none
 */
public record ProxyChoice(@Nullable OutboundProxy proxy) {}
