package dev.tokenkeep;

/** CDI event: a session was removed by its caller. */
public record SessionRemoved(String sessionId, String registration, String subject) {}
