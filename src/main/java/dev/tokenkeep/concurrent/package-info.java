/** Worker threads and tools for sharing work between threads. */
@NullMarked
package dev.tokenkeep.concurrent;

import org.jspecify.annotations.NullMarked;
