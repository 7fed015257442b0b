package dev.tokenkeep;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in to begin.
 *
 * @param registration the name of a client registration
 * @param subject the user who signs in, named as the application likes
 * @param means how the user signs in
 * @param scope null for the registration's
 * @param parameters additional parameters of the authorization request, such as {@code login_hint}; the registration's
 *     {@code caller-parameters} lists the allowed ones
 * @param sessionId the session whose tokens are replaced; null for a new session
 */
public record NewSignIn(
        String registration,
        String subject,
        Means means,
        @Nullable String scope,
        Map<String, String> parameters,
        @Nullable String sessionId) {

    /** How the user signs in. */
    public sealed interface Means {

        /** @param redirectUri where the authorization server sends the browser, an address of the application */
        record Callback(String redirectUri) implements Means {}

        /** @param returnUri where Tokenkeep sends the browser after its own callback, an address of the application */
        record HostedCallback(String returnUri) implements Means {}

        /** The user enters a code in any browser. */
        record UserCode() implements Means {}
    }

    private static final int MAX_SUBJECT = 255;

    /** @throws IllegalArgumentException if the subject is empty, too long, or has control characters */
    public NewSignIn {
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "subject: must have 1 to " + MAX_SUBJECT + " characters, and no control characters");
        }
        parameters = Map.copyOf(parameters);
    }

    /** A sign-in with the application's own callback. */
    public static NewSignIn withCallback(String registration, String subject, String redirectUri) {
        return new NewSignIn(registration, subject, new Means.Callback(redirectUri), null, Map.of(), null);
    }

    /** A sign-in with Tokenkeep's callback. */
    public static NewSignIn withHostedCallback(String registration, String subject, String returnUri) {
        return new NewSignIn(registration, subject, new Means.HostedCallback(returnUri), null, Map.of(), null);
    }

    /** A sign-in with a user code. */
    public static NewSignIn withUserCode(String registration, String subject) {
        return new NewSignIn(registration, subject, new Means.UserCode(), null, Map.of(), null);
    }

    public NewSignIn withScope(String other) {
        return new NewSignIn(registration, subject, means, other, parameters, sessionId);
    }

    /** Adds a parameter of the authorization request. */
    public NewSignIn withParameter(String name, String value) {
        var more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new NewSignIn(registration, subject, means, scope, more, sessionId);
    }

    /** The user of this session signs in again. */
    public NewSignIn ofSession(String id) {
        return new NewSignIn(registration, subject, means, scope, parameters, id);
    }

    @Override
    public String toString() {
        return "NewSignIn[registration=" + registration + ", subject=" + subject + ", means=" + means + "]";
    }
}
