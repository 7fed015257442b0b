/** What goes wrong, and what is seen of it. */
package dev.tokenkeep.starts;
