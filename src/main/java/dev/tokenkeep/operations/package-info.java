/** What operators and probes see, and how a process ends. */
@NullMarked
package dev.tokenkeep.operations;

import org.jspecify.annotations.NullMarked;
