/** Who begins a refresh, and who waits for it. */
@NullMarked
package dev.tokenkeep.refresh.scheduling;

import org.jspecify.annotations.NullMarked;
