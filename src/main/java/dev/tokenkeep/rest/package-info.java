/** The internal REST API under /v1. */
@NullMarked
package dev.tokenkeep.rest;

import org.jspecify.annotations.NullMarked;
