package dev.tokenkeep.signin;

import dev.tokenkeep.oauth.Scopes;
import dev.tokenkeep.registration.ClientRegistration;
import dev.tokenkeep.signin.store.Authorization.Checks;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks what a caller asks for in an authorization request (CONFORMANCE K4), and reads what the response must fit. */
final class SignInParameters {

    private static final int MAX_LENGTH = 2000;
    /** In seconds, as OpenID Connect Core 1.0 §3.1.2.1 defines it. */
    private static final Pattern MAX_AGE = Pattern.compile("[0-9]{1,9}");

    private SignInParameters() {}

    /** @throws SignInException if a parameter may not be set, or has an unusable value */
    static void check(ClientRegistration registration, @Nullable String scope, Map<String, String> parameters) {
        if (scope != null && !Scopes.isValid(scope)) {
            throw SignInException.invalid("scope", "must be names separated by single spaces");
        }
        Set<String> allowed = new TreeSet<>(registration.signIn().callerParameters());
        allowed.removeAll(registration.signIn().parameters().keySet());
        parameters.forEach((name, value) -> {
            if (!allowed.contains(name)) {
                throw SignInException.invalid("parameters", "callers may set only " + allowed);
            }
            if (value.isEmpty() || value.length() > MAX_LENGTH || value.chars().anyMatch(Character::isISOControl)) {
                throw SignInException.invalid(
                        "parameters." + name,
                        "must have 1 to " + MAX_LENGTH + " characters, and no control characters");
            }
        });
        String maxAge = parameters.get("max_age");
        if (maxAge != null && !MAX_AGE.matcher(maxAge).matches()) {
            throw SignInException.invalid("parameters.max_age", "must be a number of seconds");
        }
    }

    /** @param authorizationServer the issuer, or the endpoints where no issuer is known */
    static Checks checks(ClientRegistration registration, Map<String, String> parameters, String authorizationServer) {
        var all = new HashMap<>(parameters);
        all.putAll(registration.signIn().parameters());
        String maxAge = all.get("max_age");
        String acrValues = all.getOrDefault("acr_values", "").strip();
        return new Checks(
                authorizationServer,
                maxAge == null || !MAX_AGE.matcher(maxAge).matches()
                        ? null
                        : Duration.ofSeconds(Long.parseLong(maxAge)),
                acrValues.isEmpty() ? Set.of() : Set.copyOf(List.of(acrValues.split(" +"))));
    }
}
