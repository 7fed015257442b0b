/** Fetches and caches JSON Web Key Sets (RFC 7517) for everything that verifies JWTs. */
@NullMarked
package dev.tokenkeep.jose;

import org.jspecify.annotations.NullMarked;
