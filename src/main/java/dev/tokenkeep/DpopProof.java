package dev.tokenkeep;

/**
 * An access token, and the proof that its holder may present it in one request (DPoP, RFC 9449). The request has both:
 * {@code Authorization: DPoP <access token>} and {@code DPoP: <proof>}.
 *
 * @param value the proof, a JWT. Resource servers accept it once, and for a short time
 * @param accessToken the token that the proof is for
 */
public record DpopProof(String value, AccessToken accessToken) {

    @Override
    public String toString() {
        return "DpopProof[" + accessToken + "]";
    }
}
