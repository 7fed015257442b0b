package dev.tokenkeep;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Makes the proofs that resource servers want of access tokens that are bound to a key (DPoP, RFC 9449): {@code @Inject
 * DpopProofs}. Every request needs a new one, a repeated request too.
 *
 * <p>The session is refreshed first if its access token has expired, as {@link TokenProvider} does, and the same exceptions
 * are thrown. In addition {@link TokenNotBoundException} is thrown if the access token is not bound to a key, and {@link
 * IllegalArgumentException} if {@code method}, {@code uri} or {@code nonce} cannot be in a proof.
 */
public interface DpopProofs {

    /**
     * Returns an access token with the proof for one request. Blocks at most for the time of a refresh. Not for the event
     * loop.
     *
     * @param method of the request, such as {@code GET}
     * @param uri of the request, absolute; its query and fragment are ignored
     * @param nonce what the resource server asked to repeat, in its header {@code DPoP-Nonce}; null for none
     */
    DpopProof prove(String sessionId, String method, URI uri, @Nullable String nonce);

    /** Returns the same as {@link #prove}, without blocking the calling thread. */
    Uni<DpopProof> proveAsync(String sessionId, String method, URI uri, @Nullable String nonce);

    /**
     * Returns the access token for a target, as {@link TokenProvider#accessToken(String, String)} does, with the proof for
     * one request.
     *
     * @param target its name, as in {@code tokenkeep.registrations.<name>.targets.<target>}
     */
    DpopProof proveForTarget(String sessionId, String target, String method, URI uri, @Nullable String nonce);

    /** Returns the same as {@link #proveForTarget}, without blocking the calling thread. */
    Uni<DpopProof> proveForTargetAsync(String sessionId, String target, String method, URI uri, @Nullable String nonce);
}
