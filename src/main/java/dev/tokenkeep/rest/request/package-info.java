/** The filters and parsers that every call of the API uses. */
@NullMarked
package dev.tokenkeep.rest.request;

import org.jspecify.annotations.NullMarked;
