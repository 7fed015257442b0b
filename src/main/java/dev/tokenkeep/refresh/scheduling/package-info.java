/** Starts refreshes, by the refresh job or on demand, and lets callers wait for them. */
@NullMarked
package dev.tokenkeep.refresh.scheduling;

import org.jspecify.annotations.NullMarked;
