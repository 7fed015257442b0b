/** One guard in front of the database: knows whether it answers, and has nobody wait for one that does not. */
@NullMarked
package dev.tokenkeep.database;

import org.jspecify.annotations.NullMarked;
