/** The stored sessions: the only package that speaks SQL. */
@NullMarked
package dev.tokenkeep.session;

import org.jspecify.annotations.NullMarked;
