package dev.tokenkeep.signin;

import static io.restassured.RestAssured.given;

import dev.tokenkeep.testing.AuthorizationCodes;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** A user's browser, and the service of a caller that sends it around. */
record Browser(String caller, ScriptedAuthorizationServer server) {

    /** A sign-in that its caller has begun. */
    record Begun(String id, URI uri, String state, String redirectUri) {}

    ValidatableResponse begin(Map<String, Object> body) {
        return post("/v1/authorizations", body).then();
    }

    static Map<String, Object> body(String registration) {
        var body = new LinkedHashMap<String, Object>();
        body.put("registration", registration);
        body.put("subject", "user-" + UUID.randomUUID());
        body.put("redirect_uri", SignInResource.REDIRECT_URI);
        return body;
    }

    Begun begin(String registration) {
        return begun(body(registration));
    }

    Begun begun(Map<String, Object> body) {
        var answer = begin(body).statusCode(201).extract();
        return new Begun(answer.path("id"), URI.create(answer.path("authorization_uri")), answer.path("state"), (String)
                body.get("redirect_uri"));
    }

    /** The user consents; returns where the browser comes back to. */
    String consent(Begun begun, String user) {
        return callback(begun, Map.of("code", server.codes().issue(user, begun.uri())));
    }

    /** As the authorization server sends the browser back, with its state and issuer unless others are given. */
    String callback(Begun begun, Map<String, String> parameters) {
        var all = new LinkedHashMap<String, String>();
        all.put("state", begun.state());
        all.put("iss", server.issuer().toString());
        all.putAll(parameters);
        all.values().removeIf(String::isEmpty);
        return begun.redirectUri() + (begun.redirectUri().contains("?") ? "&" : "?") + AuthorizationCodes.query(all);
    }

    ValidatableResponse complete(Begun begun, String callback) {
        return post("/v1/authorizations/" + begun.id() + "/completion", Map.of("callback", callback))
                .then();
    }

    ValidatableResponse show(Begun begun) {
        return as().get("/v1/authorizations/" + begun.id()).then();
    }

    Response post(String path, Map<String, ?> body) {
        return as().contentType("application/json").body(body).post(path);
    }

    io.restassured.specification.RequestSpecification as() {
        return given().auth().oauth2(CallerKeys.token("sub-" + caller));
    }
}
