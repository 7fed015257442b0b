/** Client registrations: what is configured for each authorization server, checked at start-up. */
@NullMarked
package dev.tokenkeep.registration;

import org.jspecify.annotations.NullMarked;
