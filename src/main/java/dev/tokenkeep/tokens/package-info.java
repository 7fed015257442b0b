/** Returns tokens to readers, refreshing the session first if needed. */
@NullMarked
package dev.tokenkeep.tokens;

import org.jspecify.annotations.NullMarked;
