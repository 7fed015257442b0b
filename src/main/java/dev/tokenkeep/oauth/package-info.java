/** OAuth 2.0 values and rules without HTTP: the responses of a token endpoint and their meaning. */
@NullMarked
package dev.tokenkeep.oauth;

import org.jspecify.annotations.NullMarked;
