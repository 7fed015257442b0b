/** The rows of the audit. */
@NullMarked
package dev.tokenkeep.session.audit;

import org.jspecify.annotations.NullMarked;
