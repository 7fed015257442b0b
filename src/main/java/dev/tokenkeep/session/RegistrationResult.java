package dev.tokenkeep.session;

/** What became of a registration or replacement of tokens. */
public sealed interface RegistrationResult {

    Kind kind();

    /** For {@code switch}. */
    enum Kind {
        /** A new row, or new tokens in the row that was asked for. */
        STORED,
        /** The refresh token is kept already by this caller, in this session. */
        EXISTING,
        /** The refresh token is kept already elsewhere: one refresh token, one row. */
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

    /** Where a refresh token is that can't be kept once more. */
    enum Where {
        ANOTHER_SESSION("This refresh token already belongs to another session"),
        ANOTHER_SUBJECT("This refresh token already belongs to a session of another subject"),
        ANOTHER_REGISTRATION(
                "This refresh token already belongs to a session of registration %s, which is the same client"),
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
     * @param registration of the session that keeps it
     */
    record KeptElsewhere(Where where, String registration) implements RegistrationResult {
        @Override
        public Kind kind() {
            return Kind.KEPT_ELSEWHERE;
        }

        /** For who brought it. */
        public String sentence() {
            return where.sentence.formatted(registration);
        }
    }
}
