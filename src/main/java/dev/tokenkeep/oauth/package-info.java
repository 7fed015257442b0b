/** OAuth 2 values and rules without HTTP: what a token endpoint answers and what that means. */
@NullMarked
package dev.tokenkeep.oauth;

import org.jspecify.annotations.NullMarked;
