package dev.tokenkeep.keyring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokenkeep.crypto.EncryptionConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringConfigCheckTest {

    private static KeyringConfigCheck check(String rate) {
        return new KeyringConfigCheck(new SmallRyeConfigBuilder()
                .withMapping(EncryptionConfig.class)
                .withSources(
                        new PropertiesConfigSource(Map.of("tokenkeep.encryption.reencryption-rate", rate), "test", 100))
                .build()
                .getConfigMapping(EncryptionConfig.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000001"})
    void refusesAPaceThatIsNone(String rate) {
        assertThatThrownBy(() -> check(rate).violations().throwIfAny())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("tokenkeep.encryption.reencryption-rate: must be from 1 to 1000000");
    }

    @Test
    void takesTheSlowestAndTheFastest() {
        assertThatCode(() -> {
                    check("1").violations().throwIfAny();
                    check("1000000").violations().throwIfAny();
                })
                .doesNotThrowAnyException();
    }
}
