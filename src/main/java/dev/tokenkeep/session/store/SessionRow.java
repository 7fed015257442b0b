package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.RetrySchedule;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.TokenSet;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;

/**
 * A session as it is stored; its methods are the legal transitions. Every one of them is called with the row locked, and
 * all ciphertexts of a row are of its {@code rtVersion} and {@code keyId}.
 */
@NullUnmarked
@Entity
@DynamicUpdate
@Table(name = "tokenkeep_session")
final class SessionRow {

    @Id
    String id;

    String registration;
    String subject;

    @Column(name = "owning_caller")
    String owningCaller;

    @Enumerated(EnumType.STRING)
    SessionStatus status;

    String scope;

    @Column(name = "key_id")
    String keyId;

    @Column(name = "rt_version")
    long rtVersion;

    @Column(name = "granted_version")
    long grantedVersion;

    @Column(name = "refresh_token")
    byte[] refreshToken;

    @Column(name = "refresh_token_expires_at")
    Instant refreshTokenExpiresAt;

    @Column(name = "grant_expires_at")
    Instant grantExpiresAt;

    @Column(name = "keep_alive_at")
    Instant keepAliveAt;

    @Column(name = "access_token")
    byte[] accessToken;

    @Column(name = "token_type")
    String tokenType;

    @Column(name = "access_token_obtained_at")
    Instant accessTokenObtainedAt;

    @Column(name = "access_token_expires_at")
    Instant accessTokenExpiresAt;

    /** Seconds. */
    @Column(name = "access_token_lifetime")
    Integer accessTokenLifetime;

    @Column(name = "id_token")
    byte[] idToken;

    @Column(name = "registered_fingerprint")
    byte[] registeredFingerprint;

    @Column(name = "current_fingerprint")
    byte[] currentFingerprint;

    @Column(name = "refresh_due_at")
    Instant refreshDueAt;

    @Column(name = "not_before")
    Instant notBefore;

    @Column(name = "attempt_id")
    UUID attemptId;

    @Column(name = "lease_until")
    Instant leaseUntil;

    String traceparent;

    @Column(name = "sent_version")
    Long sentVersion;

    @Column(name = "sent_at")
    Instant sentAt;

    int failures;

    @Column(name = "failure_code")
    String failureCode;

    @Column(name = "failure_at")
    Instant failureAt;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "refreshed_at")
    Instant refreshedAt;

    /** Whether somebody sent this version's refresh token and its outcome is not (yet) known. */
    boolean outcomeOpen() {
        return sentVersion != null && sentVersion == rtVersion;
    }

    boolean attemptedBy(UUID attempt) {
        return attempt.equals(attemptId);
    }

    boolean revivable() {
        return status != SessionStatus.REMOVED && status != SessionStatus.QUARANTINED;
    }

    /** New tokens; {@code sealed} is for the version after this one. */
    void tokens(TokenSet tokens, EncryptedTokens sealed, byte[] fingerprint) {
        rtVersion++;
        sealed(sealed);
        currentFingerprint = fingerprint;
        refreshTokenExpiresAt = tokens.refresh().expiresAt();
        grantExpiresAt = tokens.refresh().grantExpiresAt();
        keepAliveAt = tokens.refresh().keepAliveAt();
        tokenType = tokens.access().type();
        accessTokenObtainedAt = tokens.access().obtainedAt();
        accessTokenExpiresAt = tokens.access().expiresAt();
        accessTokenLifetime = tokens.access().toldLifetime() == null
                ? null
                : (int) tokens.access().toldLifetime().toSeconds();
        scope = tokens.access().scope();
        refreshDueAt = tokens.otherSubject() ? null : tokens.refreshDueAt();
        notBefore = tokens.notBefore();
        status = tokens.otherSubject() ? SessionStatus.QUARANTINED : SessionStatus.ACTIVE;
        failureCode = tokens.otherSubject()
                ? FailureCode.OTHER_SUBJECT
                : tokens.access().objection();
        failures = failureCode == null ? 0 : failures + 1;
        failureAt = failureCode == null ? null : tokens.access().obtainedAt();
        attemptOver();
    }

    /**
     * Tokens that came after the grant had been marked dead: the authorization server may have revoked the family in
     * between, so the access token is not served before another refresh has shown that it did not.
     */
    void unproven(Instant now) {
        withoutAccessToken();
        refreshDueAt = now;
        failures = 1;
        failureCode = FailureCode.OUTCOME_UNKNOWN;
        failureAt = now;
    }

    void withoutAccessToken() {
        accessToken = null;
        accessTokenExpiresAt = null;
        accessTokenObtainedAt = null;
    }

    Duration toldLifetime() {
        return accessTokenLifetime == null ? null : Duration.ofSeconds(accessTokenLifetime);
    }

    /**
     * A newer access token beside the same refresh token; {@code sealed} is for this version, so that an attempt under way keeps
     * its fence. What is due to a failure or an attempt stays as it is.
     */
    void accessToken(TokenSet tokens, EncryptedTokens sealed) {
        sealed(sealed);
        tokenType = tokens.access().type();
        accessTokenObtainedAt = tokens.access().obtainedAt();
        accessTokenExpiresAt = tokens.access().expiresAt();
        scope = tokens.access().scope() == null ? scope : tokens.access().scope();
        if (failureCode == null && !outcomeOpen()) {
            // The refresh token was not used: it has to be when it had to be before.
            boolean sooner = keepAliveAt != null && keepAliveAt.isBefore(tokens.refreshDueAt());
            refreshDueAt = sooner ? keepAliveAt : tokens.refreshDueAt();
        }
    }

    /** The ciphertexts alone, made for the row's version. */
    void sealed(EncryptedTokens sealed) {
        keyId = sealed.keyId();
        refreshToken = sealed.refreshToken();
        accessToken = sealed.accessToken();
        idToken = sealed.idToken();
    }

    /** Whether these are such tokens. */
    boolean isUnproven() {
        return accessToken == null && FailureCode.OUTCOME_UNKNOWN.equals(failureCode);
    }

    /** The attempt ended without tokens; the session is tried again later. */
    void postponed(RetrySchedule postponement, Instant now) {
        leaseUntil = null;
        if (!postponement.outcomeOpen()) {
            sentVersion = null;
            sentAt = null;
        }
        refreshDueAt = postponement.nextAt();
        notBefore = postponement.nextAt();
        if (postponement.code() != null) {
            failures++;
            failureCode = postponement.code();
            failureAt = now;
        }
    }

    /** No refresh can help; {@code sentVersion} stays, the refresh token was refused. */
    void ended(SessionStatus end, String code, Instant now) {
        status = end;
        leaseUntil = null;
        refreshDueAt = null;
        notBefore = null;
        failures++;
        // Brought again and refused again, it still may have been spent twice.
        failureCode = FailureCode.OUTCOME_UNKNOWN.equals(failureCode) && end == SessionStatus.REAUTHENTICATION_REQUIRED
                ? FailureCode.OUTCOME_UNKNOWN
                : code;
        failureAt = now;
        if (end == SessionStatus.USER_ACTION_REQUIRED) {
            sentVersion = null;
            sentAt = null;
        }
    }

    /** The same refresh token was brought again: it is worth a try. */
    void reactivated(Instant now) {
        status = SessionStatus.ACTIVE;
        refreshDueAt = now;
        notBefore = null;
        sentVersion = null;
        sentAt = null;
    }

    /** A tombstone; the attempt's columns stay until it is over. */
    void removed() {
        status = SessionStatus.REMOVED;
        accessToken = null;
        idToken = null;
        accessTokenExpiresAt = null;
        refreshDueAt = null;
        notBefore = null;
    }

    private void attemptOver() {
        leaseUntil = null;
        sentVersion = null;
        sentAt = null;
    }

    Session view() {
        return new Session(
                id,
                registration,
                new Session.Owner(owningCaller, subject),
                status,
                new Session.Tokens(scope, accessTokenExpiresAt, rtVersion, keyId),
                new Session.Times(createdAt, refreshedAt, status == SessionStatus.ACTIVE ? refreshDueAt : null),
                failureCode == null ? null : new Session.Failure(failureCode, failureAt, failures));
    }
}
