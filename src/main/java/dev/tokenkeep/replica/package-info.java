/** Which replicas live. */
@NullMarked
package dev.tokenkeep.replica;

import org.jspecify.annotations.NullMarked;
