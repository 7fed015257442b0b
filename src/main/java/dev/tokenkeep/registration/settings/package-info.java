/** Reads client registrations from the configuration, from files and from callers, and checks them. */
@NullMarked
package dev.tokenkeep.registration.settings;

import org.jspecify.annotations.NullMarked;
