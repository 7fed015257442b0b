/** All SQL of the sessions: rows, claims, results, and the outbox of revocations. */
@NullMarked
package dev.tokenkeep.session.store;

import org.jspecify.annotations.NullMarked;
