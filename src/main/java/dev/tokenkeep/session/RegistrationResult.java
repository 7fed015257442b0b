package dev.tokenkeep.session;

/** The result of registering a session or replacing its tokens. */
public sealed interface RegistrationResult {

    Kind kind();

    /** The kind of a result, for {@code switch}. */
    enum Kind {
        /** A new session was stored, or new tokens in the given session. */
        STORED,
        /** This caller has already stored the refresh token, in the session of this result. */
        EXISTING,
        /** The refresh token is already stored elsewhere: one refresh token, one row. */
        KEPT_ELSEWHERE
    }

    /** See {@link Kind#STORED}. */
    record Stored(Session session) implements RegistrationResult {
        @Override
        public Kind kind() {
            return Kind.STORED;
        }
    }

    /** See {@link Kind#EXISTING}. */
    record Existing(Session session) implements RegistrationResult {
        @Override
        public Kind kind() {
            return Kind.EXISTING;
        }
    }

    /** Where a refresh token already is that cannot be stored again. */
    enum Where {
        ANOTHER_SESSION("This refresh token already belongs to another session"),
        ANOTHER_SUBJECT("This refresh token already belongs to a session of another subject"),
        ANOTHER_REGISTRATION(
                "This refresh token already belongs to a session of registration %s, which has the same client"),
        REMOVED_SESSION(
                "The session of this refresh token was removed and the token revoked; the user has to sign in again");

        private final String sentence;

        Where(String sentence) {
            this.sentence = sentence;
        }
    }

    /**
     * See {@link Kind#KEPT_ELSEWHERE}.
     *
     * @param registration the registration of the session that has the refresh token
     */
    record KeptElsewhere(Where where, String registration) implements RegistrationResult {
        @Override
        public Kind kind() {
            return Kind.KEPT_ELSEWHERE;
        }

        /** Returns the message for the caller that sent the refresh token. */
        public String sentence() {
            return where.sentence.formatted(registration);
        }
    }
}
