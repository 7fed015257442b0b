package dev.tokenkeep;

/**
 * CDI event: a session has new tokens, stored.
 *
 * @param version the session's new version
 */
public record SessionRefreshed(String sessionId, String registration, String subject, long version) {}
