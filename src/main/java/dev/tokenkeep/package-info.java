/** The public Java API: the beans that an application injects and the events that it observes. */
@NullMarked
package dev.tokenkeep;

import org.jspecify.annotations.NullMarked;
