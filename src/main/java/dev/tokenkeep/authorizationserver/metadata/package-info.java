/** Fetches the metadata of authorization servers, and reads endpoints from it. */
@NullMarked
package dev.tokenkeep.authorizationserver.metadata;

import org.jspecify.annotations.NullMarked;
