/** The API's problems (RFC 9457) and responses. */
@NullMarked
package dev.tokenkeep.problem;

import org.jspecify.annotations.NullMarked;
