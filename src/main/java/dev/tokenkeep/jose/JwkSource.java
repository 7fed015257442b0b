package dev.tokenkeep.jose;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A source of a JSON Web Key Set. */
@FunctionalInterface
public interface JwkSource {

    /**
     * Fetches the current JSON Web Key Set. Does not block.
     *
     * @return completes exceptionally, with an {@link IOException} that says why, if it cannot be fetched
     */
    CompletionStage<String> fetch();
}
