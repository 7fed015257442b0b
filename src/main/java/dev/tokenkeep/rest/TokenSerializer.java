package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;

/**
 * A token that hardly ever has a character which JSON escapes (RFC 6750 §2.1 allows none): it is copied as a whole instead of
 * character by character. Into octets alone.
 */
@RegisterForReflection
final class TokenSerializer extends JsonSerializer<String> {

    @Override
    public void serialize(String token, JsonGenerator json, SerializerProvider all) throws IOException {
        byte[] octets = token.getBytes(UTF_8);
        if (isAsItIs(octets)) {
            json.writeRawUTF8String(octets, 0, octets.length);
        } else {
            json.writeString(token);
        }
    }

    /** RFC 8259 §7; octets beyond ASCII are negative, and half of a character has become a question mark. */
    private static boolean isAsItIs(byte[] octets) {
        for (byte octet : octets) {
            if (octet < ' ' || octet == '"' || octet == '\\' || octet == '?') {
                return false;
            }
        }
        return true;
    }
}
