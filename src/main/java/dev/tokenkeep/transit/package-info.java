/** Keys that a HashiCorp Vault or OpenBao unwraps: the key directory holds ciphertexts of its Transit engine. */
@NullMarked
package dev.tokenkeep.transit;

import org.jspecify.annotations.NullMarked;
