package dev.tokenkeep.session.revocation;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.NullUnmarked;

/** A refresh token that waits to be revoked. */
@NullUnmarked
@Entity
@DynamicUpdate
@Table(name = "tokenkeep_revocation")
final class RevocationRow {

    @Id
    UUID id;

    @Column(name = "session_id")
    String sessionId;

    String registration;

    @Column(name = "key_id")
    String keyId;

    @Column(name = "rt_version")
    long rtVersion;

    @Column(name = "refresh_token")
    byte[] refreshToken;

    @Column(name = "not_before")
    Instant notBefore;

    int attempts;

    @Column(name = "created_at")
    Instant createdAt;
}
