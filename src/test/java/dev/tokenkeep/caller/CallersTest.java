package dev.tokenkeep.caller;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.not;

import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CallersTest {

    private static final String ID = "/v1/sessions/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private record Call(String method, String path, String permission) {}

    private static final List<Call> CALLS = List.of(
            new Call("POST", "/v1/sessions", "sessions:write"),
            new Call("PUT", ID, "sessions:write"),
            new Call("GET", ID, "sessions:read"),
            new Call("GET", "/v1/sessions", "sessions:read"),
            new Call("GET", ID + "/access-token", "tokens:read"),
            new Call("GET", ID + "/id-token", "tokens:read"),
            new Call("POST", ID + "/refresh", "tokens:read"),
            new Call("POST", ID + "/dpop-proof", "tokens:read"),
            new Call("GET", "/v1/registrations", "sessions:admin"),
            new Call("GET", "/v1/registrations/none", "sessions:admin registrations:admin"),
            new Call("PUT", "/v1/registrations/none", "registrations:admin"),
            new Call("DELETE", "/v1/registrations/none", "registrations:admin"),
            new Call("GET", "/v1/keys", "sessions:admin"),
            new Call("POST", "/v1/registrations/none/resume", "sessions:admin"),
            new Call("DELETE", ID, "sessions:write"),
            new Call("DELETE", "/v1/sessions?subject=nobody", "sessions:write"));

    static Stream<Arguments> everyCallByEveryCaller() {
        return CALLS.stream()
                .flatMap(call -> Permission.BY_NAME.keySet().stream()
                        .map(permission -> Arguments.of(call.method(), call.path(), call.permission(), permission)));
    }

    @ParameterizedTest
    @MethodSource
    void everyCallByEveryCaller(String method, String path, String needed, String held) {
        var answer = given().header("Authorization", "Bearer " + CallerKeys.token("sub-" + held.replace(':', '-')))
                .contentType("application/json")
                .request(method, path)
                .then();
        if (List.of(needed.split(" ")).contains(held)) {
            answer.statusCode(not(equalTo(401))).statusCode(not(equalTo(403)));
        } else {
            answer.statusCode(403)
                    .contentType("application/problem+json")
                    .header("Cache-Control", "no-store")
                    .body("type", equalTo("urn:tokenkeep:problem:forbidden"));
        }
    }

    static Stream<String> badTokens() {
        String good = CallerKeys.token("sub-all");
        return Stream.of(
                "",
                "nonsense",
                good.substring(0, good.length() - 8) + "AAAAAAAA",
                good.substring(0, good.lastIndexOf('.') + 1),
                CallerKeys.token("sub-all", "https://another.issuer", CallerKeys.AUDIENCE, Duration.ofMinutes(5)),
                CallerKeys.token("sub-all", CallerKeys.ISSUER, "another", Duration.ofMinutes(5)),
                CallerKeys.token("sub-all", CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofMinutes(-5)));
    }

    @ParameterizedTest
    @MethodSource
    void badTokens(String token) {
        for (Call call : CALLS) {
            given().header("Authorization", "Bearer " + token)
                    .contentType("application/json")
                    .request(call.method(), call.path())
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", equalTo(token.isEmpty() ? "Bearer" : "Bearer error=\"invalid_token\""))
                    .contentType("application/problem+json")
                    .body("type", equalTo("urn:tokenkeep:problem:unauthorized"));
        }
    }

    @Test
    void nobodyGetsNothing() {
        for (Call call : CALLS) {
            given().contentType("application/json")
                    .request(call.method(), call.path())
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json");
            given().header("Authorization", "Bearer " + CallerKeys.token("sub-unknown"))
                    .contentType("application/json")
                    .request(call.method(), call.path())
                    .then()
                    .statusCode(403)
                    .contentType("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "[\"sub-all\"]", "{}", "null"})
    void aSubjectThatIsNoTextIsNobody(String subject) {
        String token = CallerKeys.sign("""
                {"iss":"%s","aud":"%s","iat":1700000000,"exp":4102444800,"upn":"u","sub":%s}""".formatted(CallerKeys.ISSUER, CallerKeys.AUDIENCE, subject));
        given().header("Authorization", "Bearer " + token)
                .get("/v1/sessions")
                .then()
                .statusCode(in(List.of(401, 403)))
                .contentType("application/problem+json");
    }

    @Test
    void aNarrowCallerMayUseItsRegistrationsOnly() {
        given().header("Authorization", "Bearer " + CallerKeys.token("sub-narrow"))
                .contentType("application/json")
                .body("{\"registration\":\"test\",\"subject\":\"a\",\"token_response\":{\"refresh_token\":\"x\"}}")
                .post("/v1/sessions")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:tokenkeep:problem:forbidden"));
    }
}
