/** A token endpoint for stock OAuth clients: token exchange (RFC 8693), with the metadata of RFC 8414. */
@NullMarked
package dev.tokenkeep.rest.exchange;

import org.jspecify.annotations.NullMarked;
