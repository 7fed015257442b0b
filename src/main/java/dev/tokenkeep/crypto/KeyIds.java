package dev.tokenkeep.crypto;

import java.util.Set;

/**
 * The ids of a process's keys at one moment.
 *
 * @param primary the one that the directory names
 * @param encrypting the one that encrypts: the primary, or another one for as long as not every replica has that
 * @param inDirectory those that have a file
 * @param readable those that decrypt: all in the directory, and those whose files have gone while the process ran
 */
public record KeyIds(String primary, String encrypting, Set<String> inDirectory, Set<String> readable) {}
