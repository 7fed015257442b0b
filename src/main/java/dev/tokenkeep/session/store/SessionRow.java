package dev.tokenkeep.session.store;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.session.FailureCode;
import dev.tokenkeep.session.GrantType;
import dev.tokenkeep.session.RetrySchedule;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.session.TokenSet;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;

/**
 * A session as it is stored. Its methods are the legal transitions, and each is called with the row locked. All
 * ciphertexts of a row belong to its {@code rtVersion} and {@code keyId}.
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

    @Column(name = "target_refreshes")
    long targetRefreshes;

    @Column(name = "granted_version")
    long grantedVersion;

    @Enumerated(EnumType.STRING)
    @Column(name = "grant_type")
    GrantType grantType;

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

    /** In seconds. */
    @Column(name = "access_token_lifetime")
    Integer accessTokenLifetime;

    @Column(name = "id_token")
    byte[] idToken;

    @Column(name = "dpop_key")
    byte[] dpopKey;

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

    /** Returns whether this version's refresh token was sent and its outcome is not (yet) known. */
    boolean outcomeOpen() {
        return grantType == GrantType.REFRESH_TOKEN && sentVersion != null && sentVersion == rtVersion;
    }

    boolean attemptedBy(UUID attempt) {
        return attempt.equals(attemptId);
    }

    boolean revivable() {
        return status != SessionStatus.REMOVED && status != SessionStatus.QUARANTINED;
    }

    /** Stores new tokens. {@code sealed} is for the next version. */
    void tokens(TokenSet tokens, EncryptedTokens sealed, byte[] fingerprint) {
        rtVersion++;
        sealed(sealed);
        grantType = tokens.refresh().grant();
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
        leaseUntil = null;
        sentVersion = null;
        sentAt = null;
    }

    /**
     * Handles tokens that came after the session had ended. The authorization server may have revoked the token family
     * in between. So the access token is not served before another refresh has succeeded.
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

    /**
     * Stores a newer access token beside the same refresh token. {@code sealed} is for the present version, so that a
     * running attempt can still store its result. A schedule that comes from a failure or an attempt stays as it is.
     */
    void accessToken(TokenSet tokens, EncryptedTokens sealed) {
        sealed(sealed);
        tokenType = tokens.access().type();
        accessTokenObtainedAt = tokens.access().obtainedAt();
        accessTokenExpiresAt = tokens.access().expiresAt();
        scope = tokens.access().scope() == null ? scope : tokens.access().scope();
        if (failureCode == null && !outcomeOpen()) {
            // The refresh token was not used, so it still has to be used by the same time.
            boolean sooner = keepAliveAt != null && keepAliveAt.isBefore(tokens.refreshDueAt());
            refreshDueAt = sooner ? keepAliveAt : tokens.refreshDueAt();
        }
    }

    /** Stores only the ciphertexts, which were made for the row's present version. */
    void sealed(EncryptedTokens sealed) {
        keyId = sealed.keyId();
        refreshToken = sealed.refreshToken();
        accessToken = sealed.accessToken();
        idToken = sealed.idToken();
        dpopKey = sealed.dpopKey();
    }

    /** Returns whether its tokens still need confirmation by another refresh. */
    boolean isUnproven() {
        return accessToken == null && FailureCode.OUTCOME_UNKNOWN.equals(failureCode);
    }

    /** Ends an attempt that brought no tokens. The session is tried again later. */
    void postponed(RetrySchedule postponement, Instant now) {
        leaseUntil = null;
        if (!postponement.outcomeOpen()) {
            sentVersion = null;
            sentAt = null;
        }
        refreshDueAt = postponement.dueAt();
        notBefore = postponement.nextAt();
        if (postponement.code() != null) {
            failures++;
            failureCode = postponement.code();
            failureAt = now;
        }
    }

    /** Ends the session, because no refresh can help. {@code sentVersion} stays if the refresh token was refused. */
    void ended(SessionStatus end, String code, Instant now) {
        status = end;
        leaseUntil = null;
        refreshDueAt = null;
        notBefore = null;
        failures++;
        // The refresh token was sent again and refused again: it may still have been spent twice.
        failureCode = FailureCode.OUTCOME_UNKNOWN.equals(failureCode) && end == SessionStatus.REAUTHENTICATION_REQUIRED
                ? FailureCode.OUTCOME_UNKNOWN
                : code;
        failureAt = now;
        if (end == SessionStatus.USER_ACTION_REQUIRED) {
            sentVersion = null;
            sentAt = null;
        }
    }

    /** Makes the session active again, because a caller sent the same refresh token again. It is worth a try. */
    void reactivated(Instant now) {
        status = SessionStatus.ACTIVE;
        refreshDueAt = now;
        notBefore = null;
        sentVersion = null;
        sentAt = null;
    }

    /** Makes the row a tombstone. The attempt's columns stay until the attempt is over. */
    void removed() {
        status = SessionStatus.REMOVED;
        withoutAccessToken();
        idToken = null;
        dpopKey = null;
        refreshDueAt = null;
        notBefore = null;
    }

    Session view() {
        return RowView.of(this);
    }
}
