/** One refresh in four steps, who may start it, and who waits for it. */
@NullMarked
package dev.tokenkeep.refresh;

import org.jspecify.annotations.NullMarked;
