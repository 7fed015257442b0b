package dev.tokenkeep.session;

/**
 * A session with its access token, as it was read a while ago.
 *
 * @param stale whether it may have been changed since, and the database can't be asked
 */
public record CachedSession(SessionSnapshot snapshot, boolean stale) {}
