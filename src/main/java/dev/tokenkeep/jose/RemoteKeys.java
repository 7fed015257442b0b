package dev.tokenkeep.jose;

import java.util.Map;

/** Client keys whose private halves stay elsewhere, such as in a vault. */
public interface RemoteKeys {

    /** Returns what is wrong with the settings that all of them need, by the names of the settings. */
    Map<String, String> objections();

    /**
     * Returns the keys of this name as they are known now. Blocks only if they are not known yet.
     *
     * @throws UnusableKeyException if there are none, or they cannot be read or used
     */
    SigningKeys keys(String name) throws UnusableKeyException;
}
