package dev.tokenkeep.signin;

import dev.tokenkeep.session.Session;
import dev.tokenkeep.settings.RedirectUris;
import java.util.function.Predicate;

/**
 * What a caller may begin a sign-in with.
 *
 * @param redirectUris of its own callbacks
 * @param returnUris where browsers may go after the hosted callback
 * @param sessions those whose tokens it may replace
 */
public record AllowedSignIns(RedirectUris redirectUris, RedirectUris returnUris, Predicate<Session> sessions) {}
