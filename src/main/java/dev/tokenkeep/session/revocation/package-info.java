/** Stores refresh tokens that wait to be revoked. */
@NullMarked
package dev.tokenkeep.session.revocation;

import org.jspecify.annotations.NullMarked;
