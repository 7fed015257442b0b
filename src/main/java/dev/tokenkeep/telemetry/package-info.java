/** Our own spans, if tracing is on, and the log fields that name a call. */
@NullMarked
package dev.tokenkeep.telemetry;

import org.jspecify.annotations.NullMarked;
