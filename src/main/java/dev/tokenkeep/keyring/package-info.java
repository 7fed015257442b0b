/** Rotation of encryption keys: when a new one is used, and how the rows are re-encrypted with it. */
@NullMarked
package dev.tokenkeep.keyring;

import org.jspecify.annotations.NullMarked;
