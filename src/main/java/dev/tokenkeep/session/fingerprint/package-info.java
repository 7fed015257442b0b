/** Fingerprints of values that no row may hold in plain text, under a key of the database. */
@NullMarked
package dev.tokenkeep.session.fingerprint;

import org.jspecify.annotations.NullMarked;
