package dev.tokenkeep.registration.settings;

import dev.tokenkeep.settings.ConfigViolations;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks that the additional parameters and headers of a token request do not replace those of the protocol. */
record RequestExtrasCheck(String prefix, ConfigViolations violations) {

    private static final Set<String> OWN_PARAMETERS = Set.of(
            "grant_type",
            "refresh_token",
            "client_id",
            "client_secret",
            "client_assertion",
            "client_assertion_type",
            "assertion",
            "code",
            "code_verifier",
            "redirect_uri",
            "token",
            "token_type_hint");

    private static final Set<String> OWN_HEADERS = Set.of(
            "authorization",
            "proxy-authorization",
            "dpop",
            "content-type",
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "host",
            "connection",
            "keep-alive",
            "upgrade",
            "expect",
            "accept",
            "accept-encoding",
            "trailer",
            "te");

    /** RFC 9110 §5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]{0,4096}");

    void check(Map<String, String> parameters, Map<String, String> headers) {
        parameters.forEach((name, value) -> {
            String key = prefix + "parameters." + name;
            violations.addIf(OWN_PARAMETERS.contains(name.toLowerCase(Locale.ROOT)), key, "is set by Tokenkeep itself");
            violations.addIf(value.chars().anyMatch(Character::isISOControl), key, "contains a control character");
        });
        headers.forEach((name, value) -> {
            String key = prefix + "headers." + name;
            violations.addIf(!TOKEN.matcher(name).matches(), key, "is not a valid header name");
            violations.addIf(OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)), key, "is set by Tokenkeep itself");
            violations.addIf(!VISIBLE.matcher(value).matches(), key, "has a character that is not allowed in a header");
        });
    }
}
