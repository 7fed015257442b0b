/** The token cache: sessions in memory, as long as nobody has changed them. */
@NullMarked
package dev.tokenkeep.session.cache;

import org.jspecify.annotations.NullMarked;
