package dev.tokenkeep.crypto;

/**
 * Makes keys of what the files of the key directory hold; the seam for a key management service. A bean with an
 * {@code io.smallrye.common.annotation.Identifier}, by which {@code tokenkeep.encryption.key-provider} names it. Asked
 * whenever the directory has changed, may block.
 */
@FunctionalInterface
public interface KeyProvider {

    /**
     * The 32 bytes of a key.
     *
     * @param stored the content of the file {@code keyId}, without white space around it
     * @throws KeyUnavailableException saying why, and neither what the file nor what the key holds
     */
    byte[] unwrap(String keyId, String stored);
}
