package dev.tokenkeep.signin;

import dev.tokenkeep.signin.store.Authorization.Asked;
import java.util.Map;

/**
 * What a caller begins a sign-in with.
 *
 * @param asked the scope may be null: then the registration's is asked for
 * @param parameters additional parameters of the authorization request
 */
public record SignInRequest(Asked asked, Map<String, String> parameters) {}
