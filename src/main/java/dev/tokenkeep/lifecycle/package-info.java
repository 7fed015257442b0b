/** Registers, replaces, removes, revokes and purges sessions. */
@NullMarked
package dev.tokenkeep.lifecycle;

import org.jspecify.annotations.NullMarked;
