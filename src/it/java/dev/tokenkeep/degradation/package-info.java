/** What degraded authorization servers do to sessions: many kinds of trouble at once, over three replicas, and a table of what it cost. */
package dev.tokenkeep.degradation;
