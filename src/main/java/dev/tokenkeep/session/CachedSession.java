package dev.tokenkeep.session;

/**
 * A session with its access token, from the token cache.
 *
 * @param stale whether it may have changed since it was read, while the database cannot be queried
 */
public record CachedSession(SessionSnapshot snapshot, boolean stale) {}
