package dev.tokenkeep.session;

/** What became of a registration or replacement of tokens. */
public sealed interface Registered {

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
    record Stored(Session session) implements Registered {
        @Override
        public Kind kind() {
            return Kind.STORED;
        }
    }

    /** See {@link Kind#EXISTING}. */
    record Existing(Session session) implements Registered {
        @Override
        public Kind kind() {
            return Kind.EXISTING;
        }
    }

    /** See {@link Kind#KEPT_ELSEWHERE}. */
    record KeptElsewhere() implements Registered {
        @Override
        public Kind kind() {
            return Kind.KEPT_ELSEWHERE;
        }
    }
}
