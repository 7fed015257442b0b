package dev.tokenkeep.registration;

import org.jspecify.annotations.Nullable;

/**
 * What a registration says of proxies itself.
 *
 * @param proxy null for none, whatever all others use
 */
public record RegistrationProxy(@Nullable OutboundProxy proxy) {}
