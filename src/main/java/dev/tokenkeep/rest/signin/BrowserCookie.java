package dev.tokenkeep.rest.signin;

import dev.tokenkeep.oauth.Secret;
import dev.tokenkeep.signin.HostedSignIns.Binding;
import dev.tokenkeep.signin.HostedSignIns.Known;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cookie by which the hosted callback knows the browser that began. Each sign-in has its own, so that one cannot
 * replace that of another.
 */
final class BrowserCookie {

    /** The prefix makes browsers refuse it from other hosts, other paths and plain http. */
    static final String PREFIX = "__Host-tokenkeep-";

    private static final Duration LIFETIME = Duration.ofHours(1);
    /** What {@code SignInSecrets} makes. Anything else is nobody's. */
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

    private BrowserCookie() {}

    static Optional<Secret> secret(@Nullable String text) {
        return Optional.ofNullable(text).filter(SECRET.asMatchPredicate()).map(Secret::of);
    }

    static Known of(HttpServerRequest request) {
        return authorization -> {
            Cookie cookie = request.getCookie(PREFIX + authorization);
            return cookie == null ? null : secret(cookie.getValue()).orElse(null);
        };
    }

    /** Returns the header that sets it. A form from another site brings no Lax cookie. */
    static String header(Binding binding) {
        return PREFIX + binding.authorization() + "=" + binding.secret().reveal()
                + "; Path=/; Secure; HttpOnly; Max-Age=" + LIFETIME.toSeconds() + "; SameSite="
                + (binding.posted() ? "None" : "Lax");
    }
}
