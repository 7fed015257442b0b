/** Monotonic time, injected so that tests steer it. */
@NullMarked
package dev.tokenkeep.time;

import org.jspecify.annotations.NullMarked;
