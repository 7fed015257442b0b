/** Spans of ours, where traces are on, and what names a call in every line of the log. */
@NullMarked
package dev.tokenkeep.telemetry;

import org.jspecify.annotations.NullMarked;
