package dev.tokenkeep.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tokenkeep.session.Session;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A session as callers see it: no tokens. Times are RFC 3339 in UTC; what is not known is left out. */
@RegisterForReflection
@Schema(name = "Session", description = "A kept session, without its tokens. Members that are not known are left out.")
record SessionView(
        @JsonProperty("id") @Schema(required = true, description = "128 random bits or more, base64url")
        String id,

        @JsonProperty("registration") @Schema(required = true, description = "The client registration it belongs to")
        String registration,

        @JsonProperty("subject") @Schema(required = true, description = "Whose session it is, as the caller named it")
        String subject,

        @JsonProperty("status")
        @Schema(
                required = true,
                enumeration = {"ACTIVE", "REAUTHENTICATION_REQUIRED", "USER_ACTION_REQUIRED", "QUARANTINED"},
                description =
                        "ACTIVE: refreshed and served. REAUTHENTICATION_REQUIRED: the grant is dead until PUT brings"
                                + " new tokens. USER_ACTION_REQUIRED: a second factor or a consent is missing, the"
                                + " refresh token is kept. QUARANTINED: the authorization server answered another"
                                + " subject, nothing is served.")
        String status,

        @JsonProperty("scope") @Schema(description = "Granted, space-separated") @Nullable
        String scope,

        @JsonProperty("access_token_expires_at")
        @Schema(format = "date-time", description = "By the database's clock")
        @Nullable
        String accessTokenExpiresAt,

        @JsonProperty("refresh_due_at")
        @Schema(format = "date-time", description = "When it is refreshed next; only while ACTIVE")
        @Nullable
        String refreshDueAt,

        @JsonProperty("refreshed_at") @Schema(format = "date-time", description = "The last refresh") @Nullable
        String refreshedAt,

        @JsonProperty("created_at") @Schema(required = true, format = "date-time")
        String createdAt,

        @JsonProperty("version") @Schema(required = true, description = "Grows with every change of its tokens")
        long version,

        @JsonProperty("failure")
        @Schema(description = "Why the last refresh did not succeed; none after a success")
        @Nullable
        FailureView failure) {

    /** Why the last refresh did not succeed. */
    @RegisterForReflection
    @Schema(name = "Failure")
    record FailureView(
            @JsonProperty("code")
            @Schema(required = true, description = "An OAuth error code, or Tokenkeep's own word such as timeout")
            String code,

            @JsonProperty("at") @Schema(required = true, format = "date-time")
            String at,

            @JsonProperty("attempts") @Schema(required = true, description = "Failures in a row")
            int attempts) {}

    static SessionView of(Session session) {
        Session.Failure failure = session.failure();
        return new SessionView(
                session.id(),
                session.registration(),
                session.owner().subject(),
                session.status().name(),
                session.tokens().scope(),
                textOrNull(session.tokens().accessTokenExpiresAt()),
                textOrNull(session.times().refreshDueAt()),
                textOrNull(session.times().refreshedAt()),
                text(session.times().createdAt()),
                session.tokens().version(),
                failure == null ? null : new FailureView(failure.code(), text(failure.at()), failure.attempts()));
    }

    private static @Nullable String textOrNull(@Nullable Instant instant) {
        return instant == null ? null : text(instant);
    }

    /** To the millisecond, so that an answer made before the database rounded it is the same. */
    static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
