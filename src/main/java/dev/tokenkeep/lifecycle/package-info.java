/** Sessions are registered, replaced, removed, revoked and purged. */
@NullMarked
package dev.tokenkeep.lifecycle;

import org.jspecify.annotations.NullMarked;
