package dev.tokenkeep.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Bodies for the API's calls: good ones, and good ones that something happened to. */
final class RandomBodies {

    /** As JSON. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "1e-999999999",
            "9223372036854775808",
            "9".repeat(99),
            "9".repeat(200),
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"\\ud83d\\ude00\"",
            "\"\u0007\"",
            "\"caf\u00e9\"",
            "\"" + "x".repeat(20_000) + "\"",
            "[]",
            "{}",
            "[".repeat(40) + "]".repeat(40),
            "[".repeat(2_000),
            "{\"a\":".repeat(33) + "1" + "}".repeat(33),
            "\"Bearer\"",
            "\"mac\"",
            "NaN",
            "'x'",
            "01",
            "\"unterminated");

    private static final List<String> NAMES =
            List.of("x", "", "\\u0000", "\\ud800", "Subject", "subject ", "n".repeat(2_000), "token_response", "$ref");
    private static final List<Charset> CHARSETS = List.of(
            UTF_8,
            UTF_16,
            Charset.forName("UTF-16LE"),
            Charset.forName("UTF-32"),
            Charset.forName("UTF-32LE"),
            ISO_8859_1);

    private final Random random;
    private final Supplier<String> refreshToken;

    /** @param refreshToken one that may be kept */
    RandomBodies(Random random, Supplier<String> refreshToken) {
        this.random = random;
        this.refreshToken = refreshToken;
    }

    byte[] of(String operation) {
        String json = switch (operation) {
            case "registerSession" -> object(newSession());
            case "replaceTokens" -> object(members("token_response", object(tokenResponse())));
            case "putRegistration" -> object(members("settings", object(settings())));
            default -> random.nextBoolean() ? "" : object(members("if_version", "" + random.nextInt(5)));
        };
        byte[] bytes = json.getBytes(random.nextInt(12) == 0 ? oneOf(CHARSETS) : UTF_8);
        return random.nextInt(8) == 0 ? broken(bytes) : bytes;
    }

    private Map<String, String> newSession() {
        var members =
                members("registration", oneOf(List.of("\"test\"", "\"test\"", "\"test\"", "\"other\"", "\"no\"")));
        members.put("subject", "\"fuzz-" + random.nextInt(20) + "\"");
        members.put("token_response", object(tokenResponse()));
        return members;
    }

    private Map<String, String> settings() {
        var settings = members("client-id", "\"fuzz\"");
        settings.put(
                oneOf(List.of("token-endpoint", "issuer", "token-endpont", "jwks")),
                oneOf(List.of("\"https://as.example/token\"", "\"https://10.0.0.1/\"", "\"http://a b\"", "\"\"", "7")));
        settings.put("client-secret", "\"planted-secret-" + random.nextInt(1_000_000) + "\"");
        settings.put(
                oneOf(List.of(
                        "rotation", "provider", "headers.x", "parameters.a.b", "variables.", "targets.a.scope", "")),
                oneOf(List.of("\"none\"", "\"google\"", "\"\\u0000\"", "null", "\"planted-value\"")));
        return settings;
    }

    private Map<String, String> tokenResponse() {
        var members = members("refresh_token", "\"" + refreshToken.get() + "\"");
        if (random.nextBoolean()) {
            members.put("access_token", "\"planted-at-" + random.nextInt(1_000_000) + "\"");
            members.put("expires_in", oneOf(List.of("3600", "\"3600\"", "0", "1", "60.5", "1e9")));
        }
        if (random.nextInt(3) == 0) {
            members.put("scope", "\"read write\"");
            members.put("token_type", "\"bearer\"");
            members.put(
                    "id_token", oneOf(List.of("\"e30.eyJzdWIiOiJhIn0.c2ln\"", "\"e30.AAAAAAAA.x\"", "\"planted-id\"")));
        }
        return members;
    }

    private static Map<String, String> members(String name, String value) {
        return new LinkedHashMap<>(Map.of(name, value));
    }

    /** With something amiss now and then. */
    private String object(Map<String, String> members) {
        String twice = "";
        if (random.nextInt(4) == 0) {
            String victim = oneOf(List.copyOf(members.keySet()));
            switch (random.nextInt(4)) {
                case 0 -> members.remove(victim);
                case 1 -> members.put(victim, oneOf(VALUES));
                case 2 -> members.put(oneOf(NAMES), oneOf(VALUES));
                default -> twice = ",\"" + victim + "\":" + oneOf(VALUES);
            }
        }
        return members.entrySet().stream()
                        .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                        .collect(Collectors.joining(",", "{", twice))
                + "}";
    }

    private byte[] broken(byte[] bytes) {
        byte[] broken = Arrays.copyOf(bytes, random.nextInt(bytes.length + 8));
        for (int i = random.nextInt(6); i > 0 && broken.length > 0; i--) {
            broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        return broken;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
