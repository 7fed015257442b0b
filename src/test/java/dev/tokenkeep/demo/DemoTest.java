package dev.tokenkeep.demo;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.tokenkeep.testing.ForeignProcess;
import dev.tokenkeep.testing.TestKeys;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The demonstration of dev mode, as a newcomer uses it. */
@QuarkusTest
@TestProfile(DemoTest.DevMode.class)
class DemoTest {

    private static final Pattern HIDDEN = Pattern.compile("name=\"(\\w+)\" value=\"([^\"]*)\"");

    /** With files and ports of its own. */
    public static final class DevMode implements QuarkusTestProfile {

        @Override
        public String getConfigProfile() {
            return "dev";
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path directory = Files.createTempDirectory("demo");
                TestKeys.copy(TestKeys.directory(), Files.createDirectory(directory.resolve("keys")));
                System.setProperty("tokenkeep.demo.directory", directory.toString());
                String port = Integer.toString(ForeignProcess.freePort());
                return Map.of("quarkus.http.port", port, "quarkus.http.test-port", port);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Response page() {
        return given().get("/");
    }

    /** The browser goes to the authorization server, where the user decides, and comes back. */
    private static Response connected(String subject, String consent) {
        Response begun =
                given().redirects().follow(false).formParam("subject", subject).post("/demo/connect");
        begun.then().statusCode(303);
        Response login = given().urlEncodingEnabled(false).get(URI.create(begun.header("Location")));
        login.then().statusCode(200).body(containsString("Sign in and allow"));
        var form = new HashMap<String, String>(Map.of("consent", consent));
        for (MatchResult field : HIDDEN.matcher(login.asString()).results().toList()) {
            form.putIfAbsent(field.group(1), field.group(2));
        }
        Response back = given().redirects().follow(false).formParams(form).post("/demo/as/authorize");
        back.then().statusCode(303);
        return given().redirects()
                .follow(false)
                .cookies(begun.cookies())
                .urlEncodingEnabled(false)
                .get(URI.create(back.header("Location")));
    }

    @Test
    void showsThreeSessionsAndCommandsToPaste() {
        page().then()
                .statusCode(200)
                .body(containsString("<td>alice</td><td>ACTIVE</td>"))
                .body(containsString("<td>carol</td>"))
                .body(containsString("JWT=ey"));
        given().get("/demo/sessions").then().statusCode(200).body(containsString("<td>alice</td><td>ACTIVE</td>"));
    }

    @Test
    void connectsAUserAndKeepsTheSession() {
        connected("erin", "yes").then().statusCode(303).header("Location", containsString("http://localhost:"));
        page().then().body(containsString("<td>erin</td><td>ACTIVE</td><td>1</td>"));
    }

    @Test
    void keepsNothingIfTheUserDeclines() {
        connected("mallory", "no").then().statusCode(400).body(containsString("access_denied"));
        page().then().statusCode(200);
        assertThat(page().asString()).doesNotContain("mallory");
    }

    @Test
    void theSessionsOfThePageCanBeReadWithTheCommandsJwt() {
        String jwt = page().asString().replaceAll("(?s).*JWT=([\\w.-]+).*", "$1");
        String session = page().asString().replaceAll("(?s).*<td>alice</td>.*?<td class=\"dim\">([^<]+)</td>.*", "$1");
        given().auth()
                .oauth2(jwt)
                .get("/v1/sessions/" + session + "/access-token")
                .then()
                .statusCode(200)
                .body("token_type", equalTo("Bearer"));
    }

    @Test
    void anotherClientsRequestIsRefused() {
        given().queryParam("client_id", "demo")
                .queryParam("redirect_uri", "https://mallory.example/")
                .queryParam("state", "1")
                .queryParam("code_challenge", "2")
                .queryParam("code_challenge_method", "S256")
                .get("/demo/as/authorize")
                .then()
                .statusCode(400);
    }
}
