package dev.tokenkeep.authorizationserver.metadata;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.settings.EndpointCheck;
import java.net.URI;
import java.util.Optional;

/** Reads an endpoint from an issuer's metadata. It must obey the same rules as a configured endpoint. */
public final class MetadataEndpoint {

    private MetadataEndpoint() {}

    /** Returns empty if it is missing or not allowed. */
    public static Optional<URI> of(JsonNode metadata, String member) {
        String value = metadata.path(member).textValue();
        try {
            return Optional.ofNullable(value)
                    .map(URI::create)
                    .filter(uri -> EndpointCheck.objection(uri).isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
