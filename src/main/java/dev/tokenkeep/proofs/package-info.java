/** Proofs that an access token is presented by the holder of its key (RFC 9449). */
@NullMarked
package dev.tokenkeep.proofs;

import org.jspecify.annotations.NullMarked;
