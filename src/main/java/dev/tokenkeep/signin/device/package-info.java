/** Asks authorization servers whether users have entered their codes (RFC 8628 §3.4). */
@NullMarked
package dev.tokenkeep.signin.device;

import org.jspecify.annotations.NullMarked;
