/** The doors of an application that has the library: beans to inject. */
@NullMarked
package dev.tokenkeep.embedded;

import org.jspecify.annotations.NullMarked;
