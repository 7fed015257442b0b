/** Returns tokens to readers, with proofs if they are bound to a key, refreshing the session first if needed. */
@NullMarked
package dev.tokenkeep.tokens;

import org.jspecify.annotations.NullMarked;
