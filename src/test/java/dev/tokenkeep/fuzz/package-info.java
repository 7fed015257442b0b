/**
 * Runs the fuzz targets, which are in the packages of what they put to the test. An input begins with a digit for the target
 * and one for each choice that the target has; the seeds, in {@code src/test/resources/fuzz}, are written so, one a line.
 */
package dev.tokenkeep.fuzz;
