/** Worker threads, and what threads share. */
@NullMarked
package dev.tokenkeep.concurrent;

import org.jspecify.annotations.NullMarked;
