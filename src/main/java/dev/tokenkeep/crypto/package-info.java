/** Encryption at rest. Offers operations on tokens; keys never leave this package. */
@NullMarked
package dev.tokenkeep.crypto;

import org.jspecify.annotations.NullMarked;
