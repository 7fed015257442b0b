/** JSON Web Keys (RFC 7517): fetches and caches those that verify JWTs, and reads and uses those that sign them. */
@NullMarked
package dev.tokenkeep.jose;

import org.jspecify.annotations.NullMarked;
