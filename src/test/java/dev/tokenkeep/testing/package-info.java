/** What tests of several packages need: a strict scripted authorization server, a database, callers. */
package dev.tokenkeep.testing;
