/** Fingerprints of what may be in no row as it is, under a key of the database. */
@NullMarked
package dev.tokenkeep.session.fingerprint;

import org.jspecify.annotations.NullMarked;
