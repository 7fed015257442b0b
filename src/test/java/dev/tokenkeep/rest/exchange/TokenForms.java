package dev.tokenkeep.rest.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;

/** Token requests as forms. */
final class TokenForms {

    static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String SESSION = "urn:tokenkeep:token-type:session";
    static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private TokenForms() {}

    static String ofSession(String id) {
        return form(Map.of("grant_type", GRANT, "subject_token", id, "subject_token_type", SESSION));
    }

    static String ofUser(String jwt) {
        return form(Map.of("grant_type", GRANT, "subject_token", jwt, "subject_token_type", JWT));
    }

    /** What follows another form. */
    static String assertion(String jwt) {
        return "&" + form(Map.of("client_assertion", jwt, "client_assertion_type", ASSERTION));
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
