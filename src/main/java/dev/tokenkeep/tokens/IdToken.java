package dev.tokenkeep.tokens;

import dev.tokenkeep.oauth.Secret;
import org.jspecify.annotations.Nullable;

/**
 * A session's ID token.
 *
 * @param value null if the authorization server never returned one
 */
public record IdToken(@Nullable Secret value) {}
