package dev.tokenkeep.replicas;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** Takes spans by OTLP over HTTP and reads of them what the tests look at, by the field numbers of opentelemetry-proto. */
final class TraceCollector implements AutoCloseable {

    /** A span, and the spans it is linked to as {@code trace:span}. */
    record Span(String trace, String id, String parent, String name, List<String> links) {

        String reference() {
            return trace + ":" + id;
        }
    }

    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    TraceCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Span> named(String name) {
        return spans.stream().filter(span -> span.name().equals(name)).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = UnknownFieldSet.parseFrom(exchange.getRequestBody().readAllBytes());
            children(request, 1)
                    .flatMap(resource -> children(resource, 2))
                    .flatMap(scope -> children(scope, 2))
                    .map(TraceCollector::span)
                    .forEach(spans::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Span span(UnknownFieldSet span) {
        return new Span(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                bytes(span, 5).toStringUtf8(),
                children(span, 13)
                        .map(link -> hex(link, 1) + ":" + hex(link, 2))
                        .toList());
    }

    private static Stream<UnknownFieldSet> children(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream().map(TraceCollector::parsed);
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hex(UnknownFieldSet message, int field) {
        return HexFormat.of().formatHex(bytes(message, field).toByteArray());
    }

    private static ByteString bytes(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .findFirst()
                .orElse(ByteString.EMPTY);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
