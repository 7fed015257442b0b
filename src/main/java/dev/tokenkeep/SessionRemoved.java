package dev.tokenkeep;

/** CDI event: a session was removed, by its caller or by the application. */
public record SessionRemoved(String sessionId, String registration, String subject) {}
