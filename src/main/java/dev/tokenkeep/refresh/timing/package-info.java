/** When a session is refreshed, when it is tried again, and when it is given up. Pure rules. */
@NullMarked
package dev.tokenkeep.refresh.timing;

import org.jspecify.annotations.NullMarked;
