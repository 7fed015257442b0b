package dev.tokenkeep;

/**
 * CDI event: a session can't be refreshed any more until its user signs in again.
 *
 * @param code why, such as {@code invalid_grant}
 */
public record SessionEnded(String sessionId, String registration, String subject, String code) {}
