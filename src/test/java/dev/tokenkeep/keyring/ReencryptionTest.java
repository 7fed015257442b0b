package dev.tokenkeep.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tokenkeep.crypto.TokenCipher;
import dev.tokenkeep.jose.DpopKey;
import dev.tokenkeep.registration.added.RegistrationChange;
import dev.tokenkeep.registration.added.RegistrationChanges;
import dev.tokenkeep.session.store.Reencryption;
import dev.tokenkeep.session.store.Reencryption.Batch;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import dev.tokenkeep.testing.ScriptedAuthorizationServer;
import dev.tokenkeep.tokens.AccessTokenService;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A new primary key: when it is used, and how the rows come to it. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(CallersResource.class)
@WithTestResource(AuthorizationServerResource.class)
class ReencryptionTest {

    private static final String OTHER_REPLICA = "00000000-0000-0000-0000-000000000000";

    ScriptedAuthorizationServer server;

    @Inject
    KeyFixture fixture;

    @Inject
    KeyHeartbeat heartbeat;

    @Inject
    ReencryptionJob job;

    @Inject
    Reencryption reencryption;

    @Inject
    ReencryptionPass pass;

    @Inject
    TokenCipher cipher;

    @Inject
    AccessTokenService reader;

    @Inject
    RegistrationChanges registrations;

    private String former = "";

    @BeforeEach
    void begin() {
        clear();
        former = cipher.keys().encrypting();
    }

    @AfterEach
    void clear() {
        fixture.execute("delete from tokenkeep_replica where id = '" + OTHER_REPLICA + "'");
        fixture.startOver();
    }

    @Test
    void aNewPrimaryWaitsUntilEveryLiveReplicaCanReadIt() {
        otherReplica("array['" + former + "']", former);
        String id = fixture.register(server.issue("alice"));
        String young = fixture.newPrimary();
        heartbeat.tick();
        assertThat(cipher.keys().primary()).isEqualTo(young);
        assertThat(keyOf(fixture.register(server.issue("bob")))).isEqualTo(former);
        job.tick();
        assertThat(keyOf(id)).isEqualTo(former);
        otherReplica("array['" + former + "','" + young + "']", former);
        heartbeat.tick();
        assertThat(keyOf(fixture.register(server.issue("carol")))).isEqualTo(young);
        assertThat(heartbeat.agreed()).isFalse();
    }

    @Test
    void aReplicaThatHasNotBeenSeenForHalfAMinuteIsNotWaitedFor() {
        otherReplica("array['" + former + "']", former);
        String young = fixture.newPrimary();
        heartbeat.tick();
        assertThat(cipher.keys().encrypting()).isEqualTo(former);
        fixture.execute("update tokenkeep_replica set seen_at = now() - interval '31 seconds' where id = '"
                + OTHER_REPLICA + "'");
        heartbeat.tick();
        assertThat(cipher.keys().encrypting()).isEqualTo(young);
        assertThat(heartbeat.first()).isTrue();
    }

    @Test
    void theSettingsOfRegistrationsComeToTheNewKeyAndAreReadAsBefore() {
        var settings =
                Map.of("token-endpoint", "https://as.example/token", "client-id", "c", "client-secret", "geheim");
        assertThat(registrations.put("acme-keys", settings, "tester")).isInstanceOf(RegistrationChange.Put.class);
        String young = rotated();
        job.tick();
        assertThat(fixture.select("select key_id from tokenkeep_registration where name = 'acme-keys'"))
                .isEqualTo(young);
        assertThat(registrations.settings("acme-keys")).contains(settings);
        registrations.remove("acme-keys", false, "tester");
        fixture.execute("delete from tokenkeep_registration");
    }

    @Test
    void everyRowComesToTheNewKeyAndIsReadAsBefore() {
        var tokens = server.issue("alice");
        String kept = fixture.register(tokens);
        String removed = fixture.register(server.issue("bob"));
        fixture.remove(removed);
        String young = rotated();
        job.tick();
        assertThat(keyOf(kept)).isEqualTo(young);
        assertThat(keyOf(removed)).isEqualTo(young);
        assertThat(fixture.select("select key_id from tokenkeep_revocation")).isEqualTo(young);
        assertThat(fixture.select("select key_id from tokenkeep_fingerprint_key"))
                .isEqualTo(young);
        assertThat(read(kept)).isEqualTo(tokens.accessToken());
        reader.refresh(kept, OptionalLong.empty()).toCompletableFuture().join();
        assertThat(server.isActive(read(kept))).isTrue();
    }

    @Test
    @DisplayName("G11: the key that tokens are bound to comes to the new key too")
    void theKeyThatTokensAreBoundToComesAlong() {
        DpopKey key = DpopKey.generate();
        String id = fixture.register(server.issue("alice"), key);
        String young = rotated();
        job.tick();
        assertThat(keyOf(id)).isEqualTo(young);
        reader.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
        assertThat(server.proofs().keys()).contains(key.thumbprint());
    }

    @Test
    @DisplayName(
            "G11: the key stays good when a replica of the version before, which does not know it, stores a refresh")
    void theKeyThatTokensAreBoundToOutlivesARefreshThatDoesNotKnowIt() {
        DpopKey key = DpopKey.generate();
        String id = fixture.register(server.issue("alice"), key);
        String before = fixture.column(id, "encode(dpop_key, 'hex')");
        reader.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
        fixture.update(id, "dpop_key = decode('" + before + "', 'hex')");
        reader.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
        assertThat(server.proofs().keys()).endsWith(key.thumbprint(), key.thumbprint());
    }

    @Test
    void endsWhereTheKeyThatItTakesForAFormerOneEncrypts() {
        String id = fixture.register(server.issue("alice"));
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> pass.goOn(former, "another")))
                .isZero();
        assertThat(keyOf(id)).isEqualTo(former);
    }

    @Test
    void neverWritesAnOlderTokenBack() {
        String id = fixture.register(server.issue("alice"));
        rotated();
        Batch batch = reencryption.read(former, "", 100);
        assertThat(batch.size()).isEqualTo(1);
        reader.refresh(id, OptionalLong.empty()).toCompletableFuture().join();
        assertThat(reencryption.write(batch)).isZero();
        assertThat(fixture.column(id, "rt_version")).isEqualTo("2");
        assertThat(server.isActive(read(id))).isTrue();
    }

    @Test
    void neverBringsBackWhatWasTakenFromARowOfTheSameVersion() {
        String id = fixture.register(server.issue("alice"));
        rotated();
        Batch batch = reencryption.read(former, "", 100);
        fixture.remove(id);
        assertThat(reencryption.write(batch)).isZero();
        assertThat(fixture.column(id, "access_token is null")).isEqualTo("t");
    }

    @Test
    void skipsASessionThatIsBeingRefreshed() {
        String id = fixture.register(server.issue("alice"));
        String young = rotated();
        Batch before = reencryption.read(former, "", 100);
        fixture.update(id, "lease_until = now() + interval '1 minute'");
        assertThat(reencryption.read(former, "", 100).size()).isZero();
        assertThat(reencryption.write(before)).isZero();
        fixture.update(id, "lease_until = null");
        job.tick();
        assertThat(keyOf(id)).isEqualTo(young);
    }

    @Test
    void goesOnWhereAnotherProcessHasStopped() {
        for (int i = 0; i < 5; i++) {
            fixture.register(server.issue("alice"));
        }
        String young = rotated();
        assertThat(reencryption.write(reencryption.read(former, "", 2))).isEqualTo(2);
        job.tick();
        assertThat(fixture.select("select count(*) from tokenkeep_session where key_id = '" + young + "'"))
                .isEqualTo("5");
    }

    @Test
    void aRowThatCantBeOpenedStaysAndHoldsUpNoOther() {
        String tampered = fixture.register(server.issue("alice"));
        String good = fixture.register(server.issue("bob"));
        fixture.update(tampered, "refresh_token = '\\x00'");
        String young = rotated();
        job.tick();
        assertThat(keyOf(good)).isEqualTo(young);
        assertThat(keyOf(tampered)).isEqualTo(former);
        assertThat(reencryption.read(former, "", 100).unopened()).containsExactly(tampered);
    }

    private String rotated() {
        String young = fixture.newPrimary();
        heartbeat.tick();
        assertThat(cipher.keys().encrypting()).isEqualTo(young);
        return young;
    }

    private void otherReplica(String keyIds, String encryptsWith) {
        fixture.execute("""
                insert into tokenkeep_replica values ('%1$s', clock_timestamp() + interval '1 hour', %2$s, '%3$s')
                on conflict (id) do update set key_ids = excluded.key_ids""".formatted(OTHER_REPLICA, keyIds, encryptsWith));
    }

    private String keyOf(String id) {
        return fixture.column(id, "key_id");
    }

    private String read(String id) {
        return reader.read(id, Duration.ZERO).toCompletableFuture().join().value();
    }
}
