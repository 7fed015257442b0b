/** What a registration may send now: its rate limit, its pause, and whether anything is due. */
@NullMarked
package dev.tokenkeep.session.budget;

import org.jspecify.annotations.NullMarked;
