/** Signs users in at their authorization servers, and keeps the sessions that come of it. */
@NullMarked
package dev.tokenkeep.signin;

import org.jspecify.annotations.NullMarked;
