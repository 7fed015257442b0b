/** Authenticates callers and checks what they may do. */
@NullMarked
package dev.tokenkeep.caller;

import org.jspecify.annotations.NullMarked;
