package dev.tokenkeep.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;

/**
 * Writes the most frequent response member by member, not by reflection. The token almost never has a character that
 * JSON escapes (RFC 6750 §2.1 allows none), so it is copied as a whole. Works only with a generator that writes bytes.
 */
@RegisterForReflection
final class TokenSerializer extends JsonSerializer<TokenView> {

    private static final SerializableString ACCESS_TOKEN = new SerializedString("access_token");
    private static final SerializableString TOKEN_TYPE = new SerializedString("token_type");
    private static final SerializableString EXPIRES_IN = new SerializedString("expires_in");
    private static final SerializableString SCOPE = new SerializedString("scope");
    private static final SerializableString VERSION = new SerializedString("version");
    private static final SerializableString STATUS = new SerializedString("status");
    private static final SerializableString CNF = new SerializedString("cnf");
    private static final SerializableString THUMBPRINT = new SerializedString("x5t#S256");

    @Override
    public void serialize(TokenView view, JsonGenerator json, SerializerProvider all) throws IOException {
        json.writeStartObject();
        json.writeFieldName(ACCESS_TOKEN);
        write(view.accessToken(), json);
        json.writeFieldName(TOKEN_TYPE);
        json.writeString(view.tokenType());
        if (view.expiresIn() != null) {
            json.writeFieldName(EXPIRES_IN);
            json.writeNumber(view.expiresIn());
        }
        if (view.scope() != null) {
            json.writeFieldName(SCOPE);
            json.writeString(view.scope());
        }
        json.writeFieldName(VERSION);
        json.writeNumber(view.version());
        json.writeFieldName(STATUS);
        json.writeString(view.status());
        if (view.cnf() != null) {
            json.writeFieldName(CNF);
            json.writeStartObject();
            json.writeFieldName(THUMBPRINT);
            json.writeString(view.cnf().thumbprint());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(String token, JsonGenerator json) throws IOException {
        byte[] octets = token.getBytes(UTF_8);
        if (isAsItIs(octets)) {
            json.writeRawUTF8String(octets, 0, octets.length);
        } else {
            json.writeString(token);
        }
    }

    /**
     * Whether no octet needs escaping (RFC 8259 §7). Octets beyond ASCII are negative, and an unpaired surrogate has
     * become a question mark.
     */
    private static boolean isAsItIs(byte[] octets) {
        for (byte octet : octets) {
            if (octet < ' ' || octet == '"' || octet == '\\' || octet == '?') {
                return false;
            }
        }
        return true;
    }
}
