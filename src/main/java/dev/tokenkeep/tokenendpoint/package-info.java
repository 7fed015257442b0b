/** The wire: one request to an authorization server's endpoint gives one outcome. */
@NullMarked
package dev.tokenkeep.tokenendpoint;

import org.jspecify.annotations.NullMarked;
