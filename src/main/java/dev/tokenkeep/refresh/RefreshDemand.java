package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import java.util.OptionalLong;

/**
 * What a caller that waits for a refresh asks for.
 *
 * @param forced whether to refresh the session although it is not due
 * @param failedBefore whether the session has failed since its last success
 * @param from the refresh is done as soon as the session is no longer at this version; empty if only a refresh of its
 *     own will do
 * @param askedNanos the ticker's reading when the caller began to wait
 */
public record RefreshDemand(
        String id,
        ClientRegistration registration,
        boolean forced,
        boolean failedBefore,
        OptionalLong from,
        long askedNanos) {}
