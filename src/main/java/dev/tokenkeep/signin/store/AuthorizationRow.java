package dev.tokenkeep.signin.store;

import dev.tokenkeep.signin.store.Authorization.Asked;
import dev.tokenkeep.signin.store.Authorization.Checks;
import dev.tokenkeep.signin.store.Authorization.Flow;
import dev.tokenkeep.signin.store.Authorization.Progress;
import dev.tokenkeep.signin.store.Authorization.Status;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A sign-in as it is stored. Its methods are the legal transitions, and each is called with the row locked. */
@NullUnmarked
@Entity
@DynamicUpdate
@Table(name = "tokenkeep_authorization")
final class AuthorizationRow {

    /** The code was sent, and nobody knows what came of it. It is not sent again (RFC 6749 §4.1.2). */
    static final String OUTCOME_UNKNOWN = "outcome_unknown";

    @Id
    String id;

    String caller;
    String registration;
    String subject;

    @Column(name = "authorization_server")
    String authorizationServer;

    @Enumerated(EnumType.STRING)
    Flow flow;

    @Column(name = "redirect_uri")
    String redirectUri;

    @Column(name = "return_uri")
    String returnUri;

    String parameters;

    String scope;

    @Column(name = "max_age")
    Integer maxAge;

    @Column(name = "acr_values")
    String acrValues;

    String replaces;

    @Enumerated(EnumType.STRING)
    Status status;

    String error;

    @Column(name = "session_id")
    String sessionId;

    @Column(name = "state_hash")
    byte[] stateHash;

    @Column(name = "ticket_hash")
    byte[] ticketHash;

    @Column(name = "browser_hash")
    byte[] browserHash;

    @Column(name = "confirmation_hash")
    byte[] confirmationHash;

    @Column(name = "key_id")
    String keyId;

    byte[] verifier;

    byte[] nonce;

    @Column(name = "dpop_key")
    byte[] dpopKey;

    byte[] code;

    @Column(name = "code_hash")
    byte[] codeHash;

    @Column(name = "attempt_id")
    UUID attemptId;

    @Column(name = "lease_until")
    Instant leaseUntil;

    @Column(name = "poll_interval")
    Integer pollInterval;

    @Column(name = "next_poll_at")
    Instant nextPollAt;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    Instant expiresAt;

    @Column(name = "ended_at")
    Instant endedAt;

    void asked(Asked asked, Checks checks) {
        caller = asked.caller();
        registration = asked.registration();
        subject = asked.subject();
        flow = asked.flow();
        redirectUri = asked.redirectUri();
        returnUri = asked.returnUri();
        scope = asked.scope();
        replaces = asked.replaces();
        authorizationServer = checks.authorizationServer();
        maxAge = checks.maxAge() == null ? null : (int) checks.maxAge().toSeconds();
        acrValues = checks.acrValues().isEmpty() ? null : String.join(" ", checks.acrValues());
    }

    /** Ends it if its time is over, whether or not a job has seen that. */
    void settle(Instant now) {
        if (endedAt != null) {
            return;
        }
        if (codeHash == null && !expiresAt.isAfter(now) && (leaseUntil == null || !leaseUntil.isAfter(now))) {
            over(Status.EXPIRED, error, expiresAt);
        } else if (codeHash != null && !leaseUntil.isAfter(now)) {
            over(Status.FAILED, OUTCOME_UNKNOWN, now);
        }
    }

    void claimed(UUID attempt, byte[] code, Instant until) {
        attemptId = attempt;
        codeHash = code;
        leaseUntil = until;
    }

    /** The authorization server is asked whether the user has signed in. If nobody says what came of it, again. */
    void polled(UUID attempt, Instant until) {
        attemptId = attempt;
        leaseUntil = until;
        nextPollAt = until;
    }

    /** @param interval in seconds */
    void pollsAgain(int interval, Instant now, Duration wait) {
        pollInterval = interval;
        Instant last = expiresAt.minusSeconds(1);
        // One more poll at the end, if the interval allows it: the user may have signed in just now.
        boolean isLast = now.plus(wait).isAfter(last) && !last.isBefore(now.plusSeconds(interval));
        nextPollAt = isLast ? last : now.plus(wait);
        leaseUntil = null;
    }

    /** The authorization server said so, or nobody signed in in time. */
    void expired(Instant now) {
        over(Status.EXPIRED, error, now);
    }

    /** The code was certainly not spent, so it may be sent again. */
    void released() {
        attemptId = null;
        codeHash = null;
        leaseUntil = null;
    }

    void failed(String code, Instant now) {
        over(Status.FAILED, code, now);
    }

    /** A code came back to the browser that began. It is not spent before the caller has confirmed. */
    void returned(byte[] encryptedCode, byte[] confirmation) {
        status = Status.AWAITING_CONFIRMATION;
        code = encryptedCode;
        confirmationHash = confirmation;
        error = null;
    }

    void completed(String session, Instant now) {
        over(Status.COMPLETED, null, now);
        sessionId = session;
    }

    /** Nothing that could complete it is kept any longer. */
    private void over(Status end, @Nullable String why, Instant now) {
        status = end;
        error = why;
        verifier = null;
        nonce = null;
        dpopKey = null;
        code = null;
        leaseUntil = null;
        nextPollAt = null;
        endedAt = now;
    }

    Authorization view(Instant now) {
        return new Authorization(
                id,
                new Asked(caller, registration, subject, flow, redirectUri, returnUri, scope, replaces),
                new Checks(
                        authorizationServer,
                        maxAge == null ? null : Duration.ofSeconds(maxAge),
                        acrValues == null ? Set.of() : Set.of(acrValues.split(" "))),
                new Progress(status, error, sessionId, endedAt == null && codeHash != null),
                Duration.between(createdAt, now),
                Duration.between(now, expiresAt));
    }
}
