/** Stores sign-ins that have begun, in {@code tokenkeep_authorization}. */
@NullMarked
package dev.tokenkeep.signin.store;

import org.jspecify.annotations.NullMarked;
