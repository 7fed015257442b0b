/** The beans that an application with the library injects. */
@NullMarked
package dev.tokenkeep.embedded;

import org.jspecify.annotations.NullMarked;
