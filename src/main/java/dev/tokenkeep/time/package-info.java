/** Monotonic time, injected so that tests can control it. */
@NullMarked
package dev.tokenkeep.time;

import org.jspecify.annotations.NullMarked;
