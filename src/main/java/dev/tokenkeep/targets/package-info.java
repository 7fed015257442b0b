/** Access tokens for targets: one session, several resource servers. */
@NullMarked
package dev.tokenkeep.targets;

import org.jspecify.annotations.NullMarked;
