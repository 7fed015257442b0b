package dev.tokenkeep.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a strict authorization server verifies the JWTs of one client (RFC 7523 §3, RFC 10070): by Nimbus. */
public final class AssertionVerifier {

    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final long LONGEST_MILLIS = 60_000;

    private final String clientId;
    private final String audience;
    private final @Nullable String secret;
    private final Supplier<String> jwks;
    private final Set<String> spent = ConcurrentHashMap.newKeySet();
    private final List<SignedJWT> accepted = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    private AssertionVerifier(String clientId, String audience, @Nullable String secret, Supplier<String> jwks) {
        this.clientId = clientId;
        this.audience = audience;
        this.secret = secret;
        this.jwks = jwks;
    }

    public static AssertionVerifier ofSecret(String clientId, String audience, String secret) {
        return new AssertionVerifier(clientId, audience, secret, () -> "");
    }

    /** @param jwks the client's published keys, read at every request */
    public static AssertionVerifier ofKeys(String clientId, String audience, Supplier<String> jwks) {
        return new AssertionVerifier(clientId, audience, null, jwks);
    }

    public List<SignedJWT> accepted() {
        return accepted;
    }

    /** Why requests were refused. */
    public List<String> refused() {
        return refused;
    }

    boolean accepts(@Nullable String authorization, Map<String, String> form) {
        String objection;
        try {
            objection = objection(authorization, form);
        } catch (ParseException | JOSEException | RuntimeException e) {
            objection = e.toString();
        }
        if (objection != null) {
            refused.add(objection);
        }
        return objection == null;
    }

    private @Nullable String objection(@Nullable String authorization, Map<String, String> form)
            throws ParseException, JOSEException {
        if (authorization != null || form.containsKey("client_secret")) {
            return "two methods";
        }
        if (!TYPE.equals(form.get("client_assertion_type"))) {
            return "type";
        }
        SignedJWT jwt = SignedJWT.parse(form.getOrDefault("client_assertion", ""));
        if (!isSigned(jwt)) {
            return "signature";
        }
        String objection = objection(jwt.getJWTClaimsSet(), jwt.getPayload().toJSONObject());
        if (objection == null) {
            accepted.add(jwt);
        }
        return objection;
    }

    private @Nullable String objection(JWTClaimsSet claims, Map<String, Object> raw) {
        // As a string, not as a list of one.
        if (!audience.equals(raw.get("aud"))) {
            return "aud";
        }
        if (!clientId.equals(claims.getIssuer()) || !clientId.equals(claims.getSubject())) {
            return "iss, sub";
        }
        long now = System.currentTimeMillis();
        Date ends = claims.getExpirationTime();
        if (ends.getTime() < now - 1_000 || ends.getTime() > now + LONGEST_MILLIS) {
            return "exp";
        }
        if (claims.getIssueTime().getTime() > now || claims.getNotBeforeTime().getTime() > now) {
            return "iat, nbf";
        }
        return spent.add(claims.getJWTID()) ? null : "jti";
    }

    private boolean isSigned(SignedJWT jwt) throws ParseException, JOSEException {
        if (secret != null) {
            return jwt.verify(new MACVerifier(secret.getBytes(UTF_8)));
        }
        JWK key = JWKSet.parse(jwks.get()).getKeyByKeyId(jwt.getHeader().getKeyID());
        if (key == null || key.isPrivate()) {
            return false;
        }
        return key instanceof OctetKeyPair edwards
                ? jwt.verify(new Ed25519Verifier(edwards))
                : jwt.verify(new DefaultJWSVerifierFactory()
                        .createJWSVerifier(jwt.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
    }
}
