/** Who calls, and what it may. */
@NullMarked
package dev.tokenkeep.caller;

import org.jspecify.annotations.NullMarked;
