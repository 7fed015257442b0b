/** Tokens for readers, refreshed first where that is needed. */
@NullMarked
package dev.tokenkeep.tokens;

import org.jspecify.annotations.NullMarked;
