/** Stored access tokens for targets. Each can be got again. */
@NullMarked
package dev.tokenkeep.session.targets;

import org.jspecify.annotations.NullMarked;
