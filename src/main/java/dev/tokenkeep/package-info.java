/** The public face: what an application injects and observes. */
@NullMarked
package dev.tokenkeep;

import org.jspecify.annotations.NullMarked;
