package dev.tokenkeep.grants;

import dev.tokenkeep.authorizationserver.Grant;
import dev.tokenkeep.registration.ClientRegistration;
import org.jspecify.annotations.Nullable;

/**
 * A session to begin with a grant.
 *
 * @param subject as the caller names the user
 * @param caller the caller's configured name
 * @param grant is sent once and not stored
 * @param scope what is asked for; null for what the authorization server gives by itself
 */
public record GrantRequest(
        ClientRegistration registration,
        String subject,
        String caller,
        Grant grant,
        @Nullable String scope) {}
