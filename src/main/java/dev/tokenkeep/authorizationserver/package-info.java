/** Calls the endpoints of authorization servers as their client. Each request gives one outcome. */
@NullMarked
package dev.tokenkeep.authorizationserver;

import org.jspecify.annotations.NullMarked;
