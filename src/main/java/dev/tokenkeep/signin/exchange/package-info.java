/** Exchanges what a user's consent brought for tokens, once, and keeps them. Every kind of sign-in ends here. */
@NullMarked
package dev.tokenkeep.signin.exchange;

import org.jspecify.annotations.NullMarked;
