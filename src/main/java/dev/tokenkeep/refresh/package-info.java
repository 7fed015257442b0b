/** Refreshes a session in four steps: claim it, send the request, store the tokens, or record the failure. */
@NullMarked
package dev.tokenkeep.refresh;

import org.jspecify.annotations.NullMarked;
