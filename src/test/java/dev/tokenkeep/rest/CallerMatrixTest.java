package dev.tokenkeep.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.lifecycle.SessionService;
import dev.tokenkeep.oauth.RegisteredTokens;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallerKeys;
import dev.tokenkeep.testing.CallerMatrix;
import dev.tokenkeep.testing.CallerMatrix.MatrixCaller;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every caller, every call, on sessions that are its own, granted, another caller's and not there: what it is answered. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CallerMatrixTest {

    private static final byte[] NOT_FOUND = Problem.of(
                    ProblemType.SESSION_NOT_FOUND, "The caller has no session with this id")
            .json();

    private static final String NOBODYS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    /** @param good what it is answered where it is allowed */
    private record Call(String method, String path, String permission, int good) {}

    private static final List<Call> ON_A_SESSION = List.of(
            new Call("GET", "", "sessions:read", 200),
            new Call("GET", "/access-token", "tokens:read", 200),
            new Call("GET", "/id-token", "tokens:read", 404),
            new Call("POST", "/refresh", "tokens:read", 200),
            new Call("PUT", "", "sessions:write", 200),
            new Call("DELETE", "", "sessions:write", 204));

    private static final List<Call> ON_NONE = List.of(
            new Call("GET", "/v1/sessions", "sessions:read", 200),
            new Call("DELETE", "/v1/sessions?subject=nobody", "sessions:write", 200),
            new Call("GET", "/v1/registrations", "sessions:admin", 200));

    private enum Target {
        OWN(true),
        GRANTED(true),
        ANOTHERS(false),
        NONE(false);

        private final boolean reachable;

        Target(boolean reachable) {
            this.reachable = reachable;
        }
    }

    @Inject
    SessionService sessions;

    ScriptedAuthorizationServer server;

    private final Map<String, String> jwts = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int checked;

    @Test
    void everyCallerIsAnsweredWhatItMayKnow() throws IOException {
        for (MatrixCaller caller : CallerMatrix.callers()) {
            for (Target target : Target.values()) {
                String id = session(caller, target);
                for (Call call : ON_A_SESSION) {
                    check(
                            caller,
                            call,
                            "/v1/sessions/" + id + call.path(),
                            onSession(caller, target, call),
                            target.name());
                }
            }
            for (Call call : ON_NONE) {
                check(caller, call, call.path(), permitted(caller, call, call.good()), "-");
            }
            onRegistrations(caller);
        }
        System.out.printf("Matrix of callers: %d answers, %d wrong%n", checked, wrong.size());
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(1_000);
    }

    private void onRegistrations(MatrixCaller caller) {
        for (String registration : List.of("test", "other")) {
            boolean usable = mayUse(caller, registration);
            var resume = new Call("POST", "/v1/registrations/" + registration + "/resume", "sessions:admin", 204);
            check(caller, resume, resume.path(), permitted(caller, resume, usable ? 204 : 404), registration);
            var register = new Call("POST", "/v1/sessions", "sessions:write", 201);
            Response answer = given().header("Authorization", "Bearer " + jwt(caller))
                    .contentType("application/json")
                    .body("{\"registration\":\"" + registration + "\",\"subject\":\"a\",\"token_response\":"
                            + server.issue("a").json() + "}")
                    .post("/v1/sessions");
            verdict(caller, register, permitted(caller, register, usable ? 201 : 403), registration, answer);
        }
    }

    private static int onSession(MatrixCaller caller, Target target, Call call) {
        boolean reachable = target.reachable && mayUse(caller, "test");
        return permitted(caller, call, reachable ? call.good() : 404);
    }

    private static int permitted(MatrixCaller caller, Call call, int then) {
        return caller.permissions().contains(call.permission()) ? then : 403;
    }

    private static boolean mayUse(MatrixCaller caller, String registration) {
        return caller.registration() == null || caller.registration().equals(registration);
    }

    private String session(MatrixCaller caller, Target target) throws IOException {
        return switch (target) {
            case OWN -> registered(caller.name());
            case GRANTED -> registered("granting");
            case ANOTHERS -> registered("all");
            case NONE -> NOBODYS;
        };
    }

    private String registered(String owner) throws IOException {
        var tokens =
                RegisteredTokens.read(Json.read(server.issue("alice").json().getBytes()));
        var stored = (RegistrationResult.Stored) sessions.register("test", "s-" + UUID.randomUUID(), owner, tokens);
        return stored.session().id();
    }

    private void check(MatrixCaller caller, Call call, String path, int expected, String what) {
        var request = given().header("Authorization", "Bearer " + jwt(caller)).contentType("application/json");
        if (call.method().equals("PUT")) {
            request.body("{\"token_response\":" + server.issue("alice").json() + "}");
        }
        verdict(caller, call, expected, what, request.request(call.method(), path));
    }

    private void verdict(MatrixCaller caller, Call call, int expected, String what, Response answer) {
        checked++;
        if (answer.statusCode() != expected || !sameWords(answer)) {
            wrong.add(caller + " " + call + " on " + what + ": " + answer.statusCode() + " instead of " + expected + " "
                    + answer.asString());
        }
    }

    /** Nothing tells another caller's session from one that never was. */
    private static boolean sameWords(Response answer) {
        return !answer.asString().contains("session-not-found") || Arrays.equals(answer.asByteArray(), NOT_FOUND);
    }

    private String jwt(MatrixCaller caller) {
        return jwts.computeIfAbsent(caller.name(), name -> CallerKeys.token("sub-" + name));
    }
}
