/** Completes the OpenAPI document at build time. */
@NullMarked
package dev.tokenkeep.rest.openapi;

import org.jspecify.annotations.NullMarked;
