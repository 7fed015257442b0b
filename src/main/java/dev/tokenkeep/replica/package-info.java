/** Which replicas are alive. */
@NullMarked
package dev.tokenkeep.replica;

import org.jspecify.annotations.NullMarked;
