package dev.tokenkeep.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of sessions, by id.
 *
 * @param next what to ask for as {@code after}; null on the last page
 */
public record SessionPage(List<Session> items, @Nullable String next) {}
