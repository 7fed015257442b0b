/** Reads and checks configured values; knows no feature. */
@NullMarked
package dev.tokenkeep.settings;

import org.jspecify.annotations.NullMarked;
