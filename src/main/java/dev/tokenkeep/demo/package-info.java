/**
 * The demonstration that dev mode runs: a database, an authorization server, three sessions and a page that shows what to
 * paste. In no artifact.
 */
@NullMarked
package dev.tokenkeep.demo;

import org.jspecify.annotations.NullMarked;
