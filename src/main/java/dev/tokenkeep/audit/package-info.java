/** Who was given what, who changed what, and who was refused: one line each, and a row where that is asked for. */
@NullMarked
package dev.tokenkeep.audit;

import org.jspecify.annotations.NullMarked;
