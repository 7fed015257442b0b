package dev.tokenkeep.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Where a ciphertext belongs. It is authenticated with the ciphertext, so that a ciphertext copied to another row,
 * column or version cannot be decrypted there.
 */
public record AssociatedData(String table, String column, String sessionId, String registration, long version) {

    /** Returns each part with its length before it, so that no two places give the same bytes. */
    byte[] bytes() {
        var out = new ByteArrayOutputStream(128);
        for (String part : new String[] {table, column, sessionId, registration}) {
            byte[] utf8 = part.getBytes(UTF_8);
            out.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
            out.writeBytes(utf8);
        }
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(version).array());
        return out.toByteArray();
    }
}
