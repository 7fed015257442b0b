package dev.tokenkeep;

/**
 * CDI event: a session is no longer refreshed until its user signs in again or acts.
 *
 * @param code the reason, such as {@code invalid_grant}
 */
public record SessionEnded(String sessionId, String registration, String subject, String code) {}
