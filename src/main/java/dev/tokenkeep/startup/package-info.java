/** What may be set, and what is said of a start that can't succeed. */
@NullMarked
package dev.tokenkeep.startup;

import org.jspecify.annotations.NullMarked;
