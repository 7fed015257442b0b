/** Tries to make Tokenkeep lose a session: faults at random from a seed, and a ledger that tells what came of them. */
package dev.tokenkeep.harness;
