package dev.tokenkeep.oauth;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a token endpoint answers: an access token of 800 characters, a refresh token of 240, an ID token of 700. */
@State(Scope.Benchmark)
public class TokenResponseBenchmark {

    private final byte[] tokens =
            """
            {"access_token":"%s","token_type":"Bearer","expires_in":3600,"refresh_token":"%s",
             "scope":"openid profile email offline_access","id_token":"%s"}
            """.formatted("a".repeat(800), "r".repeat(240), "i".repeat(700)).getBytes(StandardCharsets.UTF_8);

    private final byte[] error = """
            {"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}
            """.getBytes(StandardCharsets.UTF_8);

    @Benchmark
    public Object parseTokens() {
        return TokenResponseParser.outcome(ResponseShape.STANDARD, 200, "application/json", null, tokens);
    }

    @Benchmark
    public Object parseError() {
        return TokenResponseParser.outcome(ResponseShape.STANDARD, 400, "application/json", null, error);
    }
}
