package dev.tokenkeep.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPTokenRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DefaultDPoPSingleUseChecker;
import com.nimbusds.oauth2.sdk.dpop.verifiers.InvalidDPoPProofException;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.tokenkeep.testing.Script.Answer;
import java.net.URI;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an authorization server that knows DPoP takes token requests (RFC 9449 §5, §8): proofs are verified by Nimbus. */
public final class ProofVerifier {

    private static final Pattern REFRESH_TOKEN = Pattern.compile("\"refresh_token\":\"([^\"]+)\"");

    /** What it wants of proofs, and what it gives for them. */
    public enum Mode {
        PLAIN,
        /** Every answer tells the next nonce, and no other is good. */
        NONCES,
        /** It tells nonces, and takes none. */
        ENDLESS,
        /** It takes proofs, and binds nothing. */
        BEARER,
        /** As one whose clock is wrong. */
        REFUSING
    }

    private final DPoPTokenRequestVerifier verifier;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Map<String, String> keyOfRefreshToken = new ConcurrentHashMap<>();
    private volatile Mode mode = Mode.PLAIN;
    private volatile String nonce = "nonce-0";

    ProofVerifier(URI tokenEndpoint) {
        verifier = new DPoPTokenRequestVerifier(
                Set.of(JWSAlgorithm.ES256), tokenEndpoint, 5, new DefaultDPoPSingleUseChecker(60, 60));
    }

    public void mode(Mode next) {
        nonce = "nonce-" + UUID.randomUUID();
        mode = next;
    }

    /** The thumbprints of the keys whose proofs were taken, in order. */
    public List<String> keys() {
        return keys;
    }

    /** Why requests were refused, in order. */
    public List<String> refused() {
        return refused;
    }

    /** Forgets what was taken and refused, and is plain again. */
    public void forget() {
        mode = Mode.PLAIN;
        keys.clear();
        refused.clear();
    }

    /**
     * Returns how a request is refused; null if it is not.
     *
     * @param proofs its headers {@code DPoP}
     * @param jkt what its authorization code is bound to; null for nothing
     */
    @Nullable
    Answer refusal(@Nullable List<String> proofs, Map<String, String> form, @Nullable String jkt) {
        if (proofs == null) {
            boolean bound = jkt != null || keyOfRefreshToken.containsKey(form.getOrDefault("refresh_token", ""));
            return bound ? refusal("invalid_dpop_proof", "none") : null;
        }
        try {
            SignedJWT proof = SignedJWT.parse(proofs.size() == 1 ? proofs.get(0) : "several");
            Answer challenge = challenge(proof);
            return challenge != null ? challenge : refusal(proof, form, jkt);
        } catch (ParseException | JOSEException | InvalidDPoPProofException e) {
            return refusal("invalid_dpop_proof", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Answer challenge(SignedJWT proof) throws ParseException {
        boolean wanted = mode == Mode.NONCES || mode == Mode.ENDLESS;
        if (wanted
                && (mode == Mode.ENDLESS
                        || !nonce.equals(proof.getJWTClaimsSet().getClaim("nonce")))) {
            return refusal("use_dpop_nonce", "nonce");
        }
        return mode == Mode.REFUSING ? refusal("invalid_dpop_proof", "clock") : null;
    }

    private @Nullable Answer refusal(SignedJWT proof, Map<String, String> form, @Nullable String jkt)
            throws JOSEException, InvalidDPoPProofException, ParseException {
        // A nonce that it does not want any more is no fault.
        String sent = proof.getJWTClaimsSet().getStringClaim("nonce");
        JWKThumbprintConfirmation confirmed =
                verifier.verify(new DPoPIssuer("client"), proof, sent == null ? null : new Nonce(sent));
        String key = confirmed.getValue().toString();
        String bound = keyOfRefreshToken.get(form.getOrDefault("refresh_token", ""));
        if ((bound != null && !bound.equals(key)) || (jkt != null && !jkt.equals(key))) {
            return refusal("invalid_grant", "another key");
        }
        keys.add(key);
        return null;
    }

    private Answer refusal(String error, String why) {
        refused.add(error + ": " + why);
        return with(new Answer(400, "application/json", "{\"error\":\"" + error + "\"}", Map.of()));
    }

    /** Returns the answer as it is for tokens that are bound to the key of the latest proof. */
    Answer bound(Answer answer, @Nullable List<String> proofs, boolean publicClient) {
        if (proofs == null || answer.status() != 200 || mode == Mode.BEARER) {
            return answer;
        }
        Matcher refreshToken = REFRESH_TOKEN.matcher(answer.body());
        // RFC 9449 §5: only those of public clients.
        if (publicClient && refreshToken.find()) {
            keyOfRefreshToken.put(refreshToken.group(1), keys.get(keys.size() - 1));
        }
        return with(new Answer(
                answer.status(),
                answer.contentType(),
                answer.body().replace("\"token_type\":\"Bearer\"", "\"token_type\":\"DPoP\""),
                answer.headers()));
    }

    private Answer with(Answer answer) {
        if (mode != Mode.NONCES && mode != Mode.ENDLESS) {
            return answer;
        }
        nonce = "nonce-" + UUID.randomUUID();
        var headers = new HashMap<>(answer.headers());
        headers.put("DPoP-Nonce", nonce);
        return new Answer(answer.status(), answer.contentType(), answer.body(), headers);
    }
}
