/** Records who got which token, who changed what, and who was refused: one log line each, and a row if configured. */
@NullMarked
package dev.tokenkeep.audit;

import org.jspecify.annotations.NullMarked;
