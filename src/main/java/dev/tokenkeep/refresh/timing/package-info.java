/** Pure rules that decide when a session is refreshed, when it is tried again, and when it is given up. */
@NullMarked
package dev.tokenkeep.refresh.timing;

import org.jspecify.annotations.NullMarked;
