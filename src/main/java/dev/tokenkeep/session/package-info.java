/** The values of a session. No SQL. */
@NullMarked
package dev.tokenkeep.session;

import org.jspecify.annotations.NullMarked;
