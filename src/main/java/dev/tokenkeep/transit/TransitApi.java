package dev.tokenkeep.transit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * The one call of the Transit engine that is needed, below its mount.
 *
 * <p>Public only because its implementation is generated into the class loader of the application that depends on us.
 */
@Path("decrypt")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface TransitApi {

    @POST
    @Path("{key}")
    Uni<Decrypted> decrypt(
            @HeaderParam("X-Vault-Token") String token,
            @HeaderParam("X-Vault-Namespace") @Nullable String namespace,
            @PathParam("key") String key,
            Wrapped wrapped);

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
}
