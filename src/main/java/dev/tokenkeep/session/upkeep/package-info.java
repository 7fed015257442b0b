/** Statements on the whole table: counts, keys in use, tombstones, what nobody reads, the check at the start. */
@NullMarked
package dev.tokenkeep.session.upkeep;

import org.jspecify.annotations.NullMarked;
