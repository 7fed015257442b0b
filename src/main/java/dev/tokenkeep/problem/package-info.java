/** What goes wrong, as it is answered (RFC 9457). */
@NullMarked
package dev.tokenkeep.problem;

import org.jspecify.annotations.NullMarked;
