/**
 * The Transit engine of HashiCorp Vault or OpenBao. It unwraps encryption keys, whose ciphertexts are in the key directory,
 * and signs with client keys that never leave it.
 */
@NullMarked
package dev.tokenkeep.transit;

import org.jspecify.annotations.NullMarked;
