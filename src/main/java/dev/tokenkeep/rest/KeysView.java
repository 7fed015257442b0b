package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.keyring.KeyStates.Keys;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The key ring as operators see it. */
@RegisterForReflection
@Schema(name = "Keys")
record KeysView(
        @JsonProperty("primary") @Schema(required = true, description = "The key that the key directory names")
        String primary,

        @JsonProperty("encrypting")
        @Schema(
                required = true,
                description = "The key that encrypts: the primary key, as soon as every replica can read it")
        String encrypting,

        @JsonProperty("replicas") @Schema(required = true, description = "Replicas that are running")
        int replicas,

        @JsonProperty("replicas_without_primary")
        @Schema(required = true, description = "Running replicas that cannot read the primary key yet")
        int replicasWithoutPrimary,

        @JsonProperty("rows_left")
        @Schema(required = true, description = "Rows that are not encrypted with the primary key yet")
        long rowsLeft,

        @JsonProperty("items") @Schema(required = true) List<KeyView> items) {

    /** One key. */
    @RegisterForReflection
    @Schema(name = "Key")
    record KeyView(
            @JsonProperty("id") @Schema(required = true) String id,

            @JsonProperty("state")
            @Schema(
                    required = true,
                    enumeration = {"encrypts", "decrypts", "file_gone", "missing"},
                    description = "A key with file_gone decrypts until the process exits; a missing key does not")
            String state,

            @JsonProperty("rows") @Schema(required = true, description = "Rows that are encrypted with this key")
            long rows,

            @JsonProperty("removable")
            @Schema(
                    required = true,
                    description = "Whether its file can be removed: no row needs the key, no replica encrypts with it")
            boolean removable) {}

    static KeysView of(Keys keys) {
        return new KeysView(
                keys.primary(),
                keys.encrypting(),
                keys.replicas(),
                keys.replicasWithoutPrimary(),
                keys.rowsLeft(),
                keys.keys().stream()
                        .map(key -> new KeyView(
                                key.id(), key.state().name().toLowerCase(Locale.ROOT), key.rows(), key.removable()))
                        .toList());
    }
}
