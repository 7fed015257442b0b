package dev.tokenkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.oauth.Secret;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCipherTest {

    private static final AssociatedData PLACE = new AssociatedData("session", "refresh_token", "id-1", "auth0", 3);
    private static final Secret TOKEN = Secret.of("rt-very-secret");

    @TempDir
    Path keys;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void oneKey() throws IOException {
        key("k1", 1);
        primary("k1");
    }

    @Test
    void opensWhatItEncryptedInItsPlace() {
        TokenCipher cipher = cipher();
        byte[] ciphertext = cipher.forRow().encrypt(TOKEN, PLACE);
        assertThat(new String(ciphertext)).doesNotContain("secret");
        assertThat(cipher.decrypt("k1", ciphertext, PLACE)).isEqualTo(TOKEN);
    }

    @Test
    void refusesACiphertextCopiedToAnotherRowColumnVersionOrRegistration() {
        TokenCipher cipher = cipher();
        byte[] ciphertext = cipher.forRow().encrypt(TOKEN, PLACE);
        for (AssociatedData elsewhere : new AssociatedData[] {
            new AssociatedData("session", "refresh_token", "id-2", "auth0", 3),
            new AssociatedData("session", "access_token", "id-1", "auth0", 3),
            new AssociatedData("session", "refresh_token", "id-1", "auth0", 4),
            new AssociatedData("session", "refresh_token", "id-1", "okta", 3),
            new AssociatedData("revocation", "refresh_token", "id-1", "auth0", 3),
            // The same letters, divided elsewhere.
            new AssociatedData("session", "refresh_token", "id-1a", "uth0", 3),
        }) {
            assertThatThrownBy(() -> cipher.decrypt("k1", ciphertext, elsewhere))
                    .as("%s", elsewhere)
                    .isInstanceOf(UndecryptableException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void refusesACiphertextThatWasTamperedWith() {
        TokenCipher cipher = cipher();
        byte[] ciphertext = cipher.forRow().encrypt(TOKEN, PLACE);
        for (int i = 0; i < ciphertext.length; i++) {
            byte[] tampered = ciphertext.clone();
            tampered[i] ^= 1;
            assertThatThrownBy(() -> cipher.decrypt("k1", tampered, PLACE)).isInstanceOf(UndecryptableException.class);
        }
        assertThatThrownBy(() -> cipher.decrypt("k1", new byte[0], PLACE)).isInstanceOf(UndecryptableException.class);
    }

    /** What lies in databases must be readable by every later version. */
    @Test
    void readsTheStoredFormatOfTheFirstRelease() {
        byte[] stored = HexFormat.of().parseHex(STORED);
        assertThat(cipher().decrypt("k1", stored, PLACE)).isEqualTo(TOKEN);
    }

    private static final String STORED =
            "e99c54fd5fc6df4bb7a0dd8cdba9693435ab2e61869fdf34f794a1a50bb881570c9486b80631aae9e4dc966812376abd358b8ca067b9";

    @Test
    void takesUpANewPrimaryKeyAndStillOpensTheOld() throws IOException {
        TokenCipher cipher = cipher();
        byte[] old = cipher.forRow().encrypt(TOKEN, PLACE);
        key("k2", 2);
        primary("k2");
        cipher.lookAgain();
        assertThat(cipher.keys().encrypting()).isEqualTo("k2");
        assertThat(cipher.keyIds()).containsExactlyInAnyOrder("k1", "k2");
        assertThat(cipher.decrypt("k1", old, PLACE)).isEqualTo(TOKEN);
        byte[] young = cipher.forRow().encrypt(TOKEN, PLACE);
        assertThatThrownBy(() -> cipher.decrypt("k1", young, PLACE)).isInstanceOf(UndecryptableException.class);
    }

    @Test
    void keepsItsKeysWhenTheDirectoryBecomesUnusable() throws IOException {
        TokenCipher cipher = cipher();
        primary("gone");
        cipher.lookAgain();
        assertThat(cipher.keys().encrypting()).isEqualTo("k1");
    }

    @Test
    void missingKeyIsToldByItsId() {
        assertThatThrownBy(() -> cipher().decrypt("k9", new byte[60], PLACE))
                .isInstanceOf(UndecryptableException.class)
                .hasMessageContaining("k9");
    }

    @Test
    void refusesToStartWithoutAUsableKeyAndNamesTheSettingAndTheFile() throws IOException {
        assertThatThrownBy(() -> ConfiguredKeys.directory(config(Optional.empty()), new PlainKeys()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.encryption.keys");
        Files.writeString(keys.resolve("k3"), Base64.getEncoder().encodeToString(new byte[31]));
        assertThatThrownBy(this::cipher)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.encryption.keys")
                .hasMessageContaining("k3")
                .hasMessageContaining("31 bytes");
        Files.writeString(keys.resolve("k3"), "s3cr3t that is no base64!");
        assertThatThrownBy(this::cipher).hasMessageContaining("k3").hasMessageNotContaining("s3cr3t");
        Files.delete(keys.resolve("k3"));
        primary("k7");
        assertThatThrownBy(this::cipher).hasMessageContaining("primary");
        Files.delete(keys.resolve("primary"));
        assertThatThrownBy(this::cipher).hasMessageContaining("primary");
    }

    @Test
    void goesOnWithTheFormerKeyUntilItIsToldThatTheNewOneIsEverywhere() throws IOException {
        TokenCipher cipher = cipher();
        cipher.encryptWith("k1");
        key("k2", 2);
        primary("k2");
        cipher.lookAgain();
        assertThat(cipher.keys().primary()).isEqualTo("k2");
        assertThat(cipher.forRow().keyId()).isEqualTo("k1");
        cipher.encryptWith("k2");
        assertThat(cipher.forRow().keyId()).isEqualTo("k2");
    }

    @Test
    void usesTheNewPrimaryKeyAtOnceWhereTheFormerHasNoFileAnyMore() throws IOException {
        TokenCipher cipher = cipher();
        cipher.encryptWith("k1");
        key("k2", 2);
        primary("k2");
        Files.delete(keys.resolve("k1"));
        cipher.lookAgain();
        assertThat(cipher.forRow().keyId()).isEqualTo("k2");
    }

    @Test
    void aKeyWhoseFileHasGoneStillDecrypts() throws IOException {
        TokenCipher cipher = cipher();
        byte[] old = cipher.forRow().encrypt(TOKEN, PLACE);
        key("k2", 2);
        primary("k2");
        Files.delete(keys.resolve("k1"));
        cipher.lookAgain();
        key("k3", 3);
        cipher.lookAgain();
        assertThat(cipher.decrypt("k1", old, PLACE)).isEqualTo(TOKEN);
        assertThat(cipher.keys().inDirectory()).containsExactlyInAnyOrder("k2", "k3");
        assertThat(cipher.keys().readable()).containsExactlyInAnyOrder("k1", "k2", "k3");
    }

    @Test
    void refusesAnotherKeyUnderAnIdThatIsInUse() throws IOException {
        TokenCipher cipher = cipher();
        byte[] old = cipher.forRow().encrypt(TOKEN, PLACE);
        key("k1", 9);
        key("k2", 2);
        cipher.lookAgain();
        assertThat(cipher.decrypt("k1", old, PLACE)).isEqualTo(TOKEN);
        assertThat(cipher.keyIds()).containsExactly("k1");
    }

    @Test
    void encryptsAnewForTheSamePlaceOnly() throws IOException {
        TokenCipher cipher = cipher();
        byte[] old = cipher.forRow().encrypt(TOKEN, PLACE);
        key("k2", 2);
        primary("k2");
        cipher.lookAgain();
        byte[] young = cipher.forRow().reencrypt("k1", old, PLACE);
        assertThat(cipher.decrypt("k2", young, PLACE)).isEqualTo(TOKEN);
        var elsewhere = new AssociatedData("session", "refresh_token", "id-1", "auth0", 4);
        assertThatThrownBy(() -> cipher.forRow().reencrypt("k1", old, elsewhere))
                .isInstanceOf(UndecryptableException.class);
    }

    @Test
    void countsWhatEachKeyEncrypts() {
        cipher().forRow().encrypt(TOKEN, PLACE);
        assertThat(meters.get("tokenkeep.encryptions")
                        .tag("key", "k1")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    private TokenCipher cipher() {
        return new TokenCipher(new KeyDirectory(keys, new PlainKeys()), new EncryptionMetrics(meters));
    }

    private static EncryptionConfig config(Optional<Path> keys) {
        return new EncryptionConfig() {
            @Override
            public Optional<Path> keys() {
                return keys;
            }

            @Override
            public String keyProvider() {
                return PlainKeys.NAME;
            }

            @Override
            public boolean allowMissingKeys() {
                return false;
            }

            @Override
            public String every() {
                return "off";
            }

            @Override
            public int reencryptionRate() {
                return 1;
            }
        };
    }

    private void key(String id, int fill) throws IOException {
        var key = new byte[32];
        java.util.Arrays.fill(key, (byte) fill);
        Files.writeString(keys.resolve(id), Base64.getEncoder().encodeToString(key) + "\n");
    }

    private void primary(String id) throws IOException {
        Files.writeString(keys.resolve("primary"), id + "\n");
    }
}
