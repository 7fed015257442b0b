/** JSON Web Key Sets (RFC 7517), fetched and kept for everything that verifies JWTs. */
@NullMarked
package dev.tokenkeep.jose;

import org.jspecify.annotations.NullMarked;
