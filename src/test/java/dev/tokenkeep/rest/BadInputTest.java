package dev.tokenkeep.rest;

import static dev.tokenkeep.rest.SessionsApiTest.as;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input at every member of every call is a 400 that names the member. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class BadInputTest {

    private static final List<String> NO_TEXT = List.of("5", "true", "[]", "{}", "\"\"", "\"a\\u0000b\"");

    ScriptedAuthorizationServer server;
    private String id;

    @BeforeEach
    void aSession() {
        id = as("all")
                .body(registration(
                        "\"test\"", "\"bad-input\"", server.issue("bad-input").json()))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static String registration(String registration, String subject, String tokenResponse) {
        return "{\"registration\":%s,\"subject\":%s,\"token_response\":%s}"
                .formatted(registration, subject, tokenResponse);
    }

    static Stream<Arguments> badRegistrations() {
        String good = "{\"refresh_token\":\"rt\"}";
        var cases = new ArrayList<Arguments>();
        for (String bad : NO_TEXT) {
            cases.add(Arguments.of("registration", registration(bad, "\"s\"", good)));
            cases.add(Arguments.of("subject", registration("\"test\"", bad, good)));
        }
        for (String member : List.of("registration", "subject", "token_response")) {
            cases.add(Arguments.of(
                    member, registration("\"test\"", "\"s\"", good).replace("\"" + member + "\":", "\"x\":")));
        }
        cases.replaceAll(bad -> bad.get()[1].toString().contains("\"x\":") ? Arguments.of("x", bad.get()[1]) : bad);
        cases.add(Arguments.of("registration", registration("null", "\"s\"", good)));
        cases.add(Arguments.of("registration", registration("\"unknown\"", "\"s\"", good)));
        cases.add(Arguments.of("registration", registration("\"" + "r".repeat(65) + "\"", "\"s\"", good)));
        cases.add(Arguments.of("subject", registration("\"test\"", "\"" + "s".repeat(256) + "\"", good)));
        cases.add(Arguments.of("subject", registration("\"test\"", "\"\\ud800\"", good)));
        cases.add(Arguments.of("", ""));
        cases.add(Arguments.of("", "{"));
        cases.add(Arguments.of("", "[]"));
        cases.add(Arguments.of("", "null"));
        cases.add(Arguments.of("", "\"text\""));
        cases.add(Arguments.of("", "{} {}"));
        cases.add(Arguments.of("", "{\"subject\":\"a\",\"subject\":\"b\"}"));
        cases.add(Arguments.of("", "{\"subject\":\"" + "[".repeat(5)));
        cases.add(Arguments.of("", "[".repeat(5000)));
        for (Arguments bad : badTokenResponses().toList()) {
            cases.add(Arguments.of(bad.get()[0], registration("\"test\"", "\"s\"", bad.get()[1].toString())));
        }
        return cases.stream();
    }

    static Stream<Arguments> badTokenResponses() {
        var cases = new ArrayList<Arguments>();
        for (String bad : List.of("5", "true", "[]", "\"text\"")) {
            cases.add(Arguments.of("token_response", bad));
        }
        cases.add(Arguments.of("token_response", "null"));
        cases.add(Arguments.of("token_response.refresh_token", "{}"));
        cases.add(Arguments.of("token_response.refresh_token", "{\"refresh_token\":null}"));
        for (String member : List.of("refresh_token", "access_token", "token_type", "scope", "id_token")) {
            for (String bad : NO_TEXT) {
                cases.add(with(member, bad));
            }
            cases.add(with(member, "\"" + "x".repeat(65 * 1024) + "\""));
            cases.add(with(member, "\"caf\\u00e9\""));
        }
        cases.add(with("token_type", "\"mac\""));
        for (String member : List.of("expires_in", "refresh_expires_in", "refresh_token_expires_in")) {
            for (String bad : List.of("true", "[]", "{}", "\"soon\"", "-1", "\"\"", "1e999", "\"NaN\"")) {
                cases.add(with(member, bad));
            }
        }
        return cases.stream();
    }

    private static Arguments with(String member, String value) {
        String refreshToken = member.equals("refresh_token") ? "" : "\"refresh_token\":\"rt\",";
        return Arguments.of("token_response." + member, "{" + refreshToken + "\"" + member + "\":" + value + "}");
    }

    @ParameterizedTest
    @MethodSource
    void badRegistrations(String member, String body) {
        invalid("POST", "/v1/sessions", body, member);
    }

    @ParameterizedTest
    @MethodSource
    void badTokenResponses(String member, String tokenResponse) {
        invalid("PUT", "/v1/sessions/" + id, "{\"token_response\":" + tokenResponse + "}", member);
    }

    /** What begins like UTF-32 and is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {"00 00 00 7b 00 11 00 00", "7b 00 00 00 00 00", "00 00 7b 00", "00 7b 00 00", "ff fe 00 00 ff"})
    void badEncodings(String octets) {
        byte[] body = HexFormat.ofDelimiter(" ").parseHex(octets);
        as("all")
                .body(body)
                .post("/v1/sessions")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:tokenkeep:problem:invalid-request"))
                .body("member", equalTo(""));
    }

    @Test
    void badQueries() {
        for (String bad : List.of("abc", "-1", "1e3", "1.5", "", "99999999999999999999")) {
            invalid("GET", "/v1/sessions/" + id + "/access-token?min_ttl=" + bad, null, "min_ttl");
            invalid("GET", "/v1/sessions?limit=" + bad, null, "limit");
        }
        invalid("GET", "/v1/sessions?limit=0", null, "limit");
        invalid("GET", "/v1/sessions?limit=501", null, "limit");
        for (String bad : List.of("foo", "active", "REMOVED", "")) {
            invalid("GET", "/v1/sessions?status=" + bad, null, "status");
        }
        invalid("GET", "/v1/sessions?registration=unknown", null, "registration");
        invalid("GET", "/v1/sessions?subject=", null, "subject");
        invalid("GET", "/v1/sessions?subject=a%00b", null, "subject");
        invalid("GET", "/v1/sessions?after=%00", null, "after");
        invalid("GET", "/v1/sessions/" + id + "/id-token?fresh=maybe", null, "fresh");
        invalid("GET", "/v1/sessions?limit=1&limit=2", null, "limit");
        invalid("GET", "/v1/sessions?Status=ACTIVE", null, "Status");
        invalid("GET", "/v1/sessions/" + id + "?subject=a", null, "subject");
        invalid("GET", "/v1/sessions/" + id + "/access-token?min-ttl=5", null, "min-ttl");
        invalid("GET", "/v1/registrations?name=test", null, "name");
        invalid("DELETE", "/v1/sessions?subject=a&registration=unknown", null, "registration");
        invalid("DELETE", "/v1/sessions?registration=test&status=ACTIVE", null, "status");
        invalid("DELETE", "/v1/sessions?registration=", null, "registration");
        invalid("DELETE", "/v1/sessions", null, "subject");
        invalid("DELETE", "/v1/sessions?subject=", null, "subject");
    }

    /** Also of calls that are none, and before anybody is asked who they are. */
    @Test
    void matrixParameters() {
        for (String path :
                List.of("/v1/sessions;a=b", "/v1;a/sessions", "/v1/sessions/" + id + "/id-token;v=1", "/;")) {
            invalid("GET", path, null, "path");
        }
        invalid("GET", "/v1/sessions/a%2Fb/id-token;v=1", null, "path");
        as("all")
                .urlEncodingEnabled(false)
                .get("/v1/sessions/a%3Bb?subject=;")
                .then()
                .body("member", equalTo("subject"));
    }

    @Test
    void badVersions() {
        for (String bad : List.of("\"1\"", "0", "-1", "1.5", "true", "[]", "99999999999999999999")) {
            invalid("POST", "/v1/sessions/" + id + "/refresh", "{\"if_version\":" + bad + "}", "if_version");
        }
        invalid("POST", "/v1/sessions/" + id + "/refresh", "{\"ifVersion\":1}", "ifVersion");
        invalid("POST", "/v1/sessions/" + id + "/refresh", "{", "");
    }

    @Test
    void anIdThatCantBeOneIsNotThere() {
        for (String bad : List.of("x", "%00", "a%2Fb", "' or 1=1", "%F0%9F%98%80".repeat(10), "A".repeat(65))) {
            as("all")
                    .urlEncodingEnabled(!bad.contains("%"))
                    .get("/v1/sessions/" + bad)
                    .then()
                    .statusCode(404)
                    .contentType("application/problem+json");
        }
    }

    private static void invalid(String method, String path, String body, String member) {
        var request = as("all").urlEncodingEnabled(false);
        (body == null ? request : request.body(body))
                .request(method, path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("urn:tokenkeep:problem:invalid-request"))
                .body("member", equalTo(member));
    }
}
