package dev.tokenkeep.caller;

import jakarta.json.JsonString;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a verified JWT that identify the caller.
 *
 * @param issuer null if the JWT names none
 * @param subject null if the JWT names none
 * @param groups the claim {@code groups}
 * @param scopes the granted scopes: the claim of RFC 8693 §4.2, or {@code scp}, as some issuers call it
 */
record CallerClaims(@Nullable String issuer, @Nullable String subject, Set<String> groups, Set<String> scopes) {

    static CallerClaims of(JsonWebToken token) {
        // A claim may be any JSON value, and the typed getters would cast it.
        return new CallerClaims(
                token.<Object>getClaim(Claims.iss.name()) instanceof String issuer ? issuer : null,
                token.<Object>getClaim(Claims.sub.name()) instanceof String subject ? subject : null,
                values(token, Claims.groups.name()),
                values(token, "scope", "scp"));
    }

    private static Set<String> values(JsonWebToken token, String... claims) {
        return Arrays.stream(claims)
                .flatMap(claim -> values(token.getClaim(claim)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<String> values(@Nullable Object claim) {
        if (claim instanceof Collection<?> several) {
            return several.stream().flatMap(CallerClaims::text);
        }
        return text(claim).flatMap(scopes -> Arrays.stream(scopes.split(" "))).filter(Predicate.not(String::isEmpty));
    }

    private static Stream<String> text(@Nullable Object claim) {
        if (claim instanceof JsonString json) {
            return Stream.of(json.getString());
        }
        return claim instanceof String text ? Stream.of(text) : Stream.empty();
    }
}
