package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import java.util.OptionalLong;

/**
 * What somebody who waits for a refresh asks for.
 *
 * @param forced whether the session is refreshed although nothing calls for it
 * @param failedBefore whether it has failed since its last success
 * @param from done as soon as the session is not at this version any more; empty if only an own refresh will do
 * @param askedNanos the ticker's reading when he began to wait
 */
public record RefreshDemand(
        String id,
        ClientRegistration registration,
        boolean forced,
        boolean failedBefore,
        OptionalLong from,
        long askedNanos) {}
