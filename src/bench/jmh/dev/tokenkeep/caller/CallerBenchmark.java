package dev.tokenkeep.caller;

import dev.tokenkeep.jose.JwkSet;
import dev.tokenkeep.settings.RedirectUris;
import dev.tokenkeep.testing.CallerKeys;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.ParseException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A caller's JWT (RS256, 2048 bits): verified by its issuer's key set, and found among those that were. */
@State(Scope.Benchmark)
public class CallerBenchmark {

    private final String token = CallerKeys.token("orders", CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofDays(1));
    private final String authorization = "Bearer " + token;
    private final JWTAuthContextInfo configured = new JWTAuthContextInfo("https://issuer.test/jwks", CallerKeys.ISSUER);
    private final VerifiedTokenCache verified = new VerifiedTokenCache(Clock.systemUTC(), () -> 0);
    private CallerTokenVerifier tokens;

    @Setup
    public void keys() throws Exception {
        var pair = (RSAPrivateCrtKey) CallerKeys.privateKey();
        PublicKey key = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(pair.getModulus(), pair.getPublicExponent()));
        String keySet = new JsonWebKeySet(new RsaJsonWebKey((java.security.interfaces.RSAPublicKey) key)).toJson();
        var keys = new JwkSet("bench", () -> CompletableFuture.completedFuture(keySet), System::nanoTime);
        tokens = new CallerTokenVerifier(new ConfiguredIssuer(keys, false), issuer -> null, 16 * 1024);
        tokens.prepare(token).toCompletableFuture().join();
        configured.setExpectedAudience(Set.of(CallerKeys.AUDIENCE));
        verified.verified(
                verify(),
                new Caller(
                        "orders",
                        Set.of(),
                        null,
                        Set.of("orders"),
                        1,
                        null,
                        new RedirectUris(Set.of()),
                        new RedirectUris(Set.of())),
                QuarkusSecurityIdentity.builder().setAnonymous(true).build());
    }

    @Benchmark
    public JWTCallerPrincipal verify() throws ParseException {
        return tokens.parse(token, configured);
    }

    @Benchmark
    public Object findVerified() {
        return verified.find(authorization);
    }
}
