package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.TokenSet;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A session as callers see it, without tokens. Times are RFC 3339 in UTC. Unknown values are left out. */
@RegisterForReflection
@Schema(name = "Session", description = "A session, without its tokens. Members without a value are left out.")
public record SessionView(
        @JsonProperty("id") @Schema(required = true, description = "At least 128 random bits, base64url")
        String id,

        @JsonProperty("registration") @Schema(required = true, description = "The client registration of the session")
        String registration,

        @JsonProperty("subject") @Schema(required = true, description = "The session's user, as the caller named it")
        String subject,

        @JsonProperty("status")
        @Schema(
                required = true,
                enumeration = {"ACTIVE", "REAUTHENTICATION_REQUIRED", "USER_ACTION_REQUIRED", "QUARANTINED"},
                description =
                        "ACTIVE: refreshed and served. REAUTHENTICATION_REQUIRED: the refresh token is no longer valid;"
                                + " the user has to sign in again, then PUT the new tokens. USER_ACTION_REQUIRED: a"
                                + " second factor or consent is missing; the refresh token is kept. QUARANTINED: the"
                                + " authorization server returned tokens of another subject; nothing is served.")
        String status,

        @JsonProperty("grant")
        @Schema(
                required = true,
                enumeration = {"refresh_token", "client_credentials", "none"},
                description = "How the session gets its next access token. none: it has an access token alone.")
        String grant,

        @JsonProperty("scope") @Schema(description = "The granted scope, space-separated") @Nullable
        String scope,

        @JsonProperty("access_token_expires_at")
        @Schema(format = "date-time", description = "When the access token expires, by the database's clock")
        @Nullable
        String accessTokenExpiresAt,

        @JsonProperty("refresh_due_at")
        @Schema(format = "date-time", description = "When the next refresh is due; only while ACTIVE")
        @Nullable
        String refreshDueAt,

        @JsonProperty("refreshed_at")
        @Schema(format = "date-time", description = "When it was last refreshed")
        @Nullable
        String refreshedAt,

        @JsonProperty("created_at") @Schema(required = true, format = "date-time")
        String createdAt,

        @JsonProperty("version") @Schema(required = true, description = "Increases with every change of the tokens")
        long version,

        @JsonProperty("failure") @Schema(description = "Why the last refresh failed; absent after a success") @Nullable
        FailureView failure) {

    /** Why the last refresh did not succeed. */
    @RegisterForReflection
    @Schema(name = "Failure")
    public record FailureView(
            @JsonProperty("code")
            @Schema(required = true, description = "An OAuth error code, or a code of Tokenkeep such as timeout")
            String code,

            @JsonProperty("at") @Schema(required = true, format = "date-time")
            String at,

            @JsonProperty("attempts") @Schema(required = true, description = "Failures in a row")
            int attempts) {}

    public static SessionView of(Session session) {
        Session.Failure failure = session.failure();
        return new SessionView(
                session.id(),
                session.registration(),
                session.owner().subject(),
                session.status().name(),
                session.tokens().grant().label(),
                session.tokens().scope(),
                textOrNull(end(session)),
                textOrNull(session.times().refreshDueAt()),
                textOrNull(session.times().refreshedAt()),
                text(session.times().createdAt()),
                session.tokens().version(),
                failure == null ? null : new FailureView(failure.code(), text(failure.at()), failure.attempts()));
    }

    /** Returns when the access token expires; null if it never does. */
    private static @Nullable Instant end(Session session) {
        Instant end = session.tokens().accessTokenExpiresAt();
        return end == null
                        || TokenSet.AccessToken.isUnending(
                                Duration.between(session.times().createdAt(), end))
                ? null
                : end;
    }

    private static @Nullable String textOrNull(@Nullable Instant instant) {
        return instant == null ? null : text(instant);
    }

    /** Truncates to milliseconds, so that the text is the same before and after the database has rounded the time. */
    public static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
