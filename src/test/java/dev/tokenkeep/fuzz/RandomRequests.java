package dev.tokenkeep.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tokenkeep.fuzz.ApiDocument.Operation;
import dev.tokenkeep.testing.CallerKeys;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests for the calls of the document: good ones, and such as only an attacker or a broken client sends. */
final class RandomRequests {

    private static final List<String> TEXTS = List.of(
            "",
            "x",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "A".repeat(65),
            "A".repeat(3_000),
            "%00",
            "%0d%0aX:1",
            "%F0%9F%98%80",
            "%ED%A0%80",
            "%C0%80",
            "%FF%FE",
            "a%2Fb",
            "%25",
            "..",
            "%2e%2e",
            "a;b=c",
            "'%20or%201=1--",
            "caf\u00e9",
            "+",
            "-1",
            "1e3",
            "0",
            "99999999999999999999",
            "true",
            "TRUE",
            "ACTIVE",
            "REMOVED",
            "null");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "FOO");
    private static final List<String> ACCEPTS = List.of(
            "*/*",
            "application/json",
            "application/problem+json",
            "application/json;q=0",
            "image/png",
            "text/html, application/json;q=0.1",
            ";;;",
            "application",
            "",
            "application/json; charset=utf-16");
    private static final List<String> CONTENT_TYPES = List.of(
            "application/json; charset=utf-16",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "application/merge-patch+json",
            "APPLICATION/JSON",
            ";;",
            "json",
            "");
    private static final List<String> ODD_HEADERS = List.of(
            "Content-Encoding: gzip",
            "Content-Encoding: nonsense",
            "X-HTTP-Method-Override: DELETE",
            "Range: bytes=0-1",
            "If-None-Match: *",
            "If-Modified-Since: yesterday",
            "Expect: 100-continue",
            "Origin: https://evil.example",
            "Cookie: a=b; c",
            "X-Forwarded-Host: evil.example",
            "Accept-Language: ;;;q=x",
            "Accept-Encoding: gzip, br;q=x",
            "Accept-Charset: utf-32",
            "Upgrade: websocket",
            "TE: trailers",
            "X: " + "y".repeat(4_000));
    private static final List<String> CALLERS =
            List.of("narrow", "tokens-read", "sessions-read", "sessions-write", "sessions-admin", "nobody");

    /** What is sent, and what it is: the path is the undecoded one. */
    record Request(String method, String path, byte[] bytes) {

        @Override
        public String toString() {
            return new String(bytes, ISO_8859_1).replaceAll("Bearer [A-Za-z0-9_-]{20,}\\.\\S+", "Bearer …");
        }
    }

    private final Random random;
    private final List<Operation> operations;
    private final RandomBodies bodies;
    private final List<String> ids = new ArrayList<>();
    private final String all =
            bearer(CallerKeys.token("sub-fuzzer", CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofHours(3)));
    private final List<String> authorizations;

    RandomRequests(Random random, List<Operation> operations, RandomBodies bodies) {
        this.random = random;
        this.operations = operations;
        this.bodies = bodies;
        this.authorizations = authorizations();
    }

    /** A session that exists. */
    void know(String id) {
        ids.add(id);
    }

    Request next() {
        Operation operation = oneOf(operations);
        String method = random.nextInt(30) == 0 ? oneOf(METHODS) : operation.method();
        String path = path(operation) + (random.nextInt(60) == 0 ? oneOf(List.of("/", "//", "/x", ";v=1")) : "");
        byte[] body = operation.hasBody() || random.nextInt(40) == 0 ? bodies.of(operation.id()) : new byte[0];
        var head = new StringBuilder(
                method + " " + path + query(operation) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
        String authorization = random.nextInt(5) == 0 ? oneOf(authorizations) : all;
        if (!authorization.isEmpty()) {
            head.append("Authorization: ").append(authorization).append("\r\n");
        }
        if (operation.hasBody() || random.nextInt(10) == 0) {
            head.append("Content-Type: ")
                    .append(random.nextInt(10) == 0 ? oneOf(CONTENT_TYPES) : "application/json")
                    .append("\r\n");
        }
        if (random.nextInt(4) == 0) {
            head.append("Accept: ").append(oneOf(ACCEPTS)).append("\r\n");
        }
        if (random.nextInt(12) == 0) {
            head.append(oneOf(ODD_HEADERS)).append("\r\n");
        }
        return new Request(method, path, octets(head, body));
    }

    private String path(Operation operation) {
        String parameter = operation.path().contains("{id}") ? id() : oneOf(List.of("test", "other", "none", text()));
        return operation.path().replaceAll("\\{[a-z]+}", parameter.replace("$", ""));
    }

    private String id() {
        return ids.isEmpty() || random.nextInt(8) == 0
                ? text()
                : ids.get(ids.size() - 1 - random.nextInt(Math.min(40, ids.size())));
    }

    private String text() {
        String text = oneOf(TEXTS);
        return text.isEmpty() ? "%20" : text;
    }

    private String query(Operation operation) {
        var query = new StringBuilder();
        for (JsonNode parameter : operation.node().path("parameters")) {
            if (parameter.path("in").asText().equals("query") && random.nextInt(3) > 0) {
                query.append('&')
                        .append(parameter.path("name").asText())
                        .append('=')
                        .append(value(parameter));
                if (random.nextInt(20) == 0) {
                    query.append('&').append(parameter.path("name").asText()).append("=1");
                }
            }
        }
        if (random.nextInt(20) == 0) {
            query.append('&').append(oneOf(TEXTS)).append('=').append(oneOf(TEXTS));
        }
        return query.isEmpty() ? "" : "?" + query.substring(1);
    }

    private String value(JsonNode parameter) {
        if (random.nextInt(5) == 0) {
            return oneOf(TEXTS);
        }
        return switch (parameter.path("name").asText()) {
            case "subject" -> "fuzz-" + random.nextInt(20);
            case "registration" -> oneOf(List.of("test", "other"));
            case "status" -> oneOf(List.of("ACTIVE", "REAUTHENTICATION_REQUIRED", "QUARANTINED"));
            case "limit" -> "" + (1 + random.nextInt(500));
            case "after" -> id();
            case "fresh" -> oneOf(List.of("true", "false"));
            default -> "" + random.nextInt(100);
        };
    }

    private byte[] octets(StringBuilder head, byte[] body) {
        boolean chunked = body.length > 0 && random.nextInt(10) == 0;
        if (chunked) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body.length > 0 || random.nextInt(3) == 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var octets = new ByteArrayOutputStream();
        octets.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        if (chunked) {
            octets.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
        }
        octets.writeBytes(body);
        if (chunked) {
            octets.writeBytes("\r\n0\r\n\r\n".getBytes(ISO_8859_1));
        }
        return octets.toByteArray();
    }

    private List<String> authorizations() {
        var values = new ArrayList<>(
                List.of("", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "bearer x", "Negotiate"));
        CALLERS.forEach(caller -> values.add(bearer(
                CallerKeys.token("sub-" + caller, CallerKeys.ISSUER, CallerKeys.AUDIENCE, Duration.ofHours(3)))));
        values.add(bearer(
                CallerKeys.token("sub-fuzzer", "https://another.issuer", CallerKeys.AUDIENCE, Duration.ofHours(3))));
        values.add(all.substring(0, all.length() - 9) + "AAAAAAAAA");
        for (String claims :
                List.of("\"sub\":12345", "\"sub\":[\"sub-fuzzer\"]", "\"sub\":null", "\"jti\":1,\"sub\":\"sub-all\"")) {
            values.add(bearer(CallerKeys.sign("{\"iss\":\"" + CallerKeys.ISSUER + "\",\"aud\":\"" + CallerKeys.AUDIENCE
                    + "\",\"exp\":4102444800,\"iat\":1700000000,\"upn\":\"u\"," + claims + "}")));
        }
        return values;
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
