/** One guard in front of the database: it knows whether the database answers, so that nobody waits in vain. */
@NullMarked
package dev.tokenkeep.database;

import org.jspecify.annotations.NullMarked;
