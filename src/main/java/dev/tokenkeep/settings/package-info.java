/** Reads and checks configured values. Independent of all features. */
@NullMarked
package dev.tokenkeep.settings;

import org.jspecify.annotations.NullMarked;
