/** Keys that HashiCorp Vault or OpenBao unwraps. The key directory holds ciphertexts of its Transit engine. */
@NullMarked
package dev.tokenkeep.transit;

import org.jspecify.annotations.NullMarked;
