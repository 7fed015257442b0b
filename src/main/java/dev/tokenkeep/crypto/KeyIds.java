package dev.tokenkeep.crypto;

import java.util.Set;

/**
 * The ids of a process's keys at one moment.
 *
 * @param primary the key that the directory names
 * @param encrypting the key that encrypts: the primary one, or another one until every replica has the primary one
 * @param inDirectory the keys that have a file
 * @param readable the keys that decrypt: all in the directory, and those whose files were removed while the process ran
 */
public record KeyIds(String primary, String encrypting, Set<String> inDirectory, Set<String> readable) {}
