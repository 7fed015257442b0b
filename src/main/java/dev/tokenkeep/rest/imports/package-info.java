/** The import of sessions from another store. */
@NullMarked
package dev.tokenkeep.rest.imports;

import org.jspecify.annotations.NullMarked;
