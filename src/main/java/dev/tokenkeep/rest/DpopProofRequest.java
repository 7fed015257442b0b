package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.proofs.ProvenRequest;
import dev.tokenkeep.proofs.WantedProof;
import dev.tokenkeep.registration.Target;
import dev.tokenkeep.rest.request.RequestBody;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The request to a resource server that a proof is wanted for. */
@Schema(name = "DpopProofRequest")
record DpopProofRequest(
        @JsonProperty("method")
        @Schema(
                required = true,
                maxLength = ProvenRequest.MAX_METHOD_LENGTH,
                description = "The method of the request, such as GET")
        String method,

        @JsonProperty("uri")
        @Schema(
                required = true,
                maxLength = ProvenRequest.MAX_URI_LENGTH,
                format = "uri",
                description = "The absolute URI of the request; its query and fragment are ignored")
        String uri,

        @JsonProperty("nonce")
        @Schema(
                maxLength = ProvenRequest.MAX_NONCE_LENGTH,
                description = "What the resource server asked to repeat, in its header DPoP-Nonce")
        @Nullable
        String nonce,

        @JsonProperty("target")
        @Schema(
                maxLength = Target.MAX_NAME_LENGTH,
                description = "The name of the target whose access token is presented; without it, the session's own")
        @Nullable
        String target) {

    private static final Set<String> MEMBERS = Set.of("method", "uri", "nonce", "target");

    static WantedProof read(String sessionId, InputStream body) {
        RequestBody members = RequestBody.read(body, MEMBERS);
        String method = members.text("method", ProvenRequest.MAX_METHOD_LENGTH);
        String uri = members.text("uri", ProvenRequest.MAX_URI_LENGTH);
        String nonce = members.textOrNull("nonce", ProvenRequest.MAX_NONCE_LENGTH);
        String target = members.textOrNull("target", Target.MAX_NAME_LENGTH);
        try {
            return new WantedProof(sessionId, target, ProvenRequest.of(method, new URI(uri), nonce));
        } catch (URISyntaxException e) {
            throw RequestBody.invalid("uri", "must be an absolute http or https URI with a host.");
        }
    }
}
