package dev.tokenkeep.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of sessions, ordered by id.
 *
 * @param next the value of {@code after} for the next page; null on the last page
 */
public record SessionPage(List<Session> items, @Nullable String next) {}
