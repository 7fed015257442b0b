package dev.tokenkeep.jose;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Where a JSON Web Key Set comes from. */
@FunctionalInterface
public interface JwkSource {

    /**
     * Fetches the JSON Web Key Set as it is now. Does not block.
     *
     * @return completes exceptionally, with an {@link IOException} that says why, if it can't be fetched
     */
    CompletionStage<String> fetch();
}
