package dev.tokenkeep.registration.registering;

import dev.tokenkeep.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A client that is to be registered.
 *
 * @param initialAccessToken null for an authorization server where anybody may register
 * @param name what users may see as the name of the client
 * @param scope what it may ask for; null to leave that to the authorization server
 * @param endpoint where clients are registered; null if the metadata of the issuer says it
 * @param redirectUri where the authorization server may send browsers; null for nowhere
 */
public record NewClient(
        @Nullable Secret initialAccessToken,
        String name,
        @Nullable String scope,
        @Nullable String endpoint,
        @Nullable String redirectUri) {}
