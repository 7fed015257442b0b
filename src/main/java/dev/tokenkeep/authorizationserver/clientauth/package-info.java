/** How a client proves to an authorization server who it is, and that it has a key. */
@NullMarked
package dev.tokenkeep.authorizationserver.clientauth;

import org.jspecify.annotations.NullMarked;
