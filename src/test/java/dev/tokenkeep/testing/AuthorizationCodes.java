package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The codes of an authorization server: each is good once, with its redirect URI and its verifier (RFC 7636 §4.6). */
public final class AuthorizationCodes {

    private final Map<String, Asked> open = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> pushed = new ConcurrentHashMap<>();
    private final List<String> redeemed = new CopyOnWriteArrayList<>();
    private volatile boolean ignoresPkce;
    private final List<String> redeemedAgain = new CopyOnWriteArrayList<>();

    /** What a user consented to. */
    public record Asked(String subject, Map<String, String> parameters) {}

    /** The user consents: returns the code. */
    public String issue(String subject, URI authorizationUri) {
        String code = "code-" + UUID.randomUUID();
        open.put(code, new Asked(subject, parameters(authorizationUri)));
        return code;
    }

    /** Returns the request's parameters, also if it was pushed. */
    public Map<String, String> parameters(URI authorizationUri) {
        Map<String, String> told = query(authorizationUri.getRawQuery());
        String requestUri = told.get("request_uri");
        return requestUri == null ? told : pushed.get(requestUri);
    }

    String push(Map<String, String> parameters) {
        String requestUri = "urn:ietf:params:oauth:request_uri:" + UUID.randomUUID();
        pushed.put(requestUri, Map.copyOf(parameters));
        return requestUri;
    }

    /** Empty if the code is not good, or not with this redirect URI and verifier. */
    Optional<Asked> redeem(Map<String, String> form) {
        String code = form.getOrDefault("code", "");
        if (redeemed.contains(code)) {
            redeemedAgain.add(code);
        }
        Asked asked = open.remove(code);
        if (asked == null) {
            return Optional.empty();
        }
        redeemed.add(code);
        boolean fits = asked.parameters().get("redirect_uri").equals(form.get("redirect_uri"))
                && (ignoresPkce
                        || asked.parameters()
                                .get("code_challenge")
                                .equals(challenge(form.getOrDefault("code_verifier", ""))));
        return fits ? Optional.of(asked) : Optional.empty();
    }

    /** Returns the key that a code is bound to (RFC 9449 §10); null for none. */
    @Nullable
    String keyOf(String code) {
        Asked asked = open.get(code);
        return asked == null ? null : asked.parameters().get("dpop_jkt");
    }

    /** Whether any verifier will do, as at servers that do not know PKCE. */
    public void ignorePkce(boolean ignored) {
        ignoresPkce = ignored;
    }

    public List<String> redeemed() {
        return redeemed;
    }

    /** The codes that came again: each would cost what was given for it. */
    public List<String> redeemedAgain() {
        return redeemedAgain;
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String query(Map<String, String> parameters) {
        var query = new StringBuilder();
        parameters.forEach((name, value) -> query.append(query.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, UTF_8)));
        return query.toString();
    }

    private static Map<String, String> query(String query) {
        var parameters = new HashMap<String, String>();
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(URLDecoder.decode(parts[0], UTF_8), URLDecoder.decode(parts[1], UTF_8));
        }
        return parameters;
    }
}
