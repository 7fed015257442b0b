/** Checks at startup which settings exist and explains why a start failed. */
@NullMarked
package dev.tokenkeep.startup;

import org.jspecify.annotations.NullMarked;
