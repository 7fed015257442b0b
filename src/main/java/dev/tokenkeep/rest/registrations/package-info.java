/** The registrations as callers see and change them. */
@NullMarked
package dev.tokenkeep.rest.registrations;

import org.jspecify.annotations.NullMarked;
