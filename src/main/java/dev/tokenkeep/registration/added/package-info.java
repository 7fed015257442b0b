/**
 * Registrations that are added, changed and removed while Tokenkeep runs: by callers, kept in the database, and by the
 * operator, in files.
 */
@NullMarked
package dev.tokenkeep.registration.added;

import org.jspecify.annotations.NullMarked;
