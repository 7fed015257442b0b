/** Sessions that begin with a token of elsewhere: token exchange and JWT bearer grants. */
@NullMarked
package dev.tokenkeep.grants;

import org.jspecify.annotations.NullMarked;
