/**
 * The demonstration of dev mode: a database, an authorization server, three sessions and a page with commands to paste.
 * It is part of no artifact.
 */
@NullMarked
package dev.tokenkeep.demo;

import org.jspecify.annotations.NullMarked;
