/** Registers clients at authorization servers (RFC 7591), for registrations that callers add. */
@NullMarked
package dev.tokenkeep.registration.registering;

import org.jspecify.annotations.NullMarked;
