/** The HTTP API of sign-ins. */
@NullMarked
package dev.tokenkeep.rest.signin;

import org.jspecify.annotations.NullMarked;
