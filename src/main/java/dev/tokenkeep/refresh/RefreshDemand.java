package dev.tokenkeep.refresh;

import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.session.ClaimCondition;
import org.jspecify.annotations.Nullable;

/**
 * What a caller that waits for a refresh asks for.
 *
 * @param condition while it holds, the caller wants the refresh
 * @param failedBefore whether the session has failed since its last success
 * @param target what the access token is for; null for the session's own
 * @param askedNanos the ticker's reading when the caller began to wait
 */
public record RefreshDemand(
        String id,
        ClientRegistration registration,
        ClaimCondition condition,
        boolean failedBefore,
        @Nullable Target target,
        long askedNanos) {}
