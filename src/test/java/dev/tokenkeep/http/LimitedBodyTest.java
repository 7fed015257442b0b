package dev.tokenkeep.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitedBodyTest {

    private static final byte[] PLAIN = "{\"access_token\":\"at\"}".getBytes(UTF_8);

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"identity", "", "br"})
    void takesWhatIsNotCompressedAsItIs(String encoding) {
        assertThat(LimitedBody.read(encoding, PLAIN)).isSameAs(PLAIN);
    }

    @ParameterizedTest
    @DisplayName("C: a compressed answer that nobody asked for is read")
    @ValueSource(strings = {"gzip", " GZip ", "x-gzip"})
    void inflatesWhatIsCompressed(String encoding) throws IOException {
        assertThat(LimitedBody.read(encoding, compressed(PLAIN))).isEqualTo(PLAIN);
    }

    @Test
    void takesWhatOnlyClaimsToBeCompressedAsItIs() {
        assertThat(LimitedBody.read("gzip", PLAIN)).isSameAs(PLAIN);
    }

    @Test
    @DisplayName("C: a megabyte is read and not a byte more, however small it comes")
    void inflatesNoMoreThanAMegabyte() throws IOException {
        assertThat(LimitedBody.read("gzip", compressed(new byte[LimitedBody.MAX_BYTES])))
                .hasSize(LimitedBody.MAX_BYTES);
        assertThat(LimitedBody.read("gzip", compressed(new byte[LimitedBody.MAX_BYTES + 1])))
                .isNull();
    }

    private static byte[] compressed(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
