package dev.tokenkeep.crypto;

/**
 * Makes keys from the contents of the key directory's files; the extension point for a key management service. A
 * provider is a bean with an {@code io.smallrye.common.annotation.Identifier}, by which
 * {@code tokenkeep.encryption.key-provider} names it. It is called whenever the directory has changed, and may block.
 */
@FunctionalInterface
public interface KeyProvider {

    /**
     * Returns the 32 bytes of a key.
     *
     * @param stored the content of the file {@code keyId}, without white space around it
     * @throws KeyUnavailableException with the reason, and without the content of the file or the key
     */
    byte[] unwrap(String keyId, String stored);
}
