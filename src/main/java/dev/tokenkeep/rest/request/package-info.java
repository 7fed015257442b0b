/** What every call goes through before its resource has it. */
@NullMarked
package dev.tokenkeep.rest.request;

import org.jspecify.annotations.NullMarked;
