package dev.tokenkeep.transit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the Transit engine that are needed, below its mount.
 *
 * <p>Public only because its implementation is generated into the class loader of the application that depends on us.
 */
@Path("")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface TransitApi {

    @POST
    @Path("decrypt/{key}")
    Uni<Decrypted> decrypt(
            @HeaderParam("X-Vault-Token") String token,
            @HeaderParam("X-Vault-Namespace") @Nullable String namespace,
            @PathParam("key") String key,
            Wrapped wrapped);

    @GET
    @Path("keys/{key}")
    Uni<Described> describe(
            @HeaderParam("X-Vault-Token") String token,
            @HeaderParam("X-Vault-Namespace") @Nullable String namespace,
            @PathParam("key") String key);

    @POST
    @Path("sign/{key}")
    Uni<Signed> sign(
            @HeaderParam("X-Vault-Token") String token,
            @HeaderParam("X-Vault-Namespace") @Nullable String namespace,
            @PathParam("key") String key,
            ToSign input);

    /** The request. */
    @RegisterForReflection
    record Wrapped(@JsonProperty("ciphertext") String ciphertext) {}

    /** The response; none of it is printed. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Decrypted(@JsonProperty("data") @Nullable Data data) {

        @Override
        public String toString() {
            return "Decrypted";
        }
    }

    /** The plaintext in base64. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Data(@JsonProperty("plaintext") @Nullable String plaintext) {

        @Override
        public String toString() {
            return "Data";
        }
    }

    /** A key without its private half. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Described(@JsonProperty("data") @Nullable Key key) {

        @Override
        public String toString() {
            return "Described";
        }
    }

    /**
     * @param minEncryptionVersion the lowest version that may sign; 0 for any
     * @param versions by their numbers; those of a symmetric key are no objects
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Key(
            @JsonProperty("type") @Nullable String type,
            @JsonProperty("min_encryption_version") int minEncryptionVersion,
            @JsonProperty("keys") @Nullable Map<String, JsonNode> versions) {

        @Override
        public String toString() {
            return "Key";
        }
    }

    /**
     * What is to be signed, in base64. What is null does not matter to the kind of key.
     *
     * @param marshaling how an ECDSA signature is written, and whether signatures are base64url
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ToSign(
            @JsonProperty("input") String input,
            @JsonProperty("key_version") int version,
            @JsonProperty("marshaling_algorithm") String marshaling,
            @JsonProperty("hash_algorithm") @Nullable String hash,
            @JsonProperty("signature_algorithm") @Nullable String scheme,
            @JsonProperty("salt_length") @Nullable String saltLength) {

        @Override
        public String toString() {
            return "ToSign";
        }
    }

    /** The response; none of it is printed. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Signed(@JsonProperty("data") @Nullable Signature data) {

        @Override
        public String toString() {
            return "Signed";
        }
    }

    /** A signature after the version that made it, such as {@code vault:v1:…}. */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Signature(@JsonProperty("signature") @Nullable String signature) {

        @Override
        public String toString() {
            return "Signature";
        }
    }
}
