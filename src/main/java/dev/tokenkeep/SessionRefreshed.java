package dev.tokenkeep;

/**
 * CDI event: a refresh has stored new tokens for a session.
 *
 * @param version the session's new version
 */
public record SessionRefreshed(String sessionId, String registration, String subject, long version) {}
