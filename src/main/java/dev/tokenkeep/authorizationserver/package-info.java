/** An authorization server's endpoints, as a client calls them: one request gives one outcome. */
@NullMarked
package dev.tokenkeep.authorizationserver;

import org.jspecify.annotations.NullMarked;
