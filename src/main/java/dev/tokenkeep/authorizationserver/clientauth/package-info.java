/** How a client proves to an authorization server who it is. */
@NullMarked
package dev.tokenkeep.authorizationserver.clientauth;

import org.jspecify.annotations.NullMarked;
