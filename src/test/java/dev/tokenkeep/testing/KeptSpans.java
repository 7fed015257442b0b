package dev.tokenkeep.testing;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** The spans that have ended, where traces are on. */
@Singleton
public class KeptSpans {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    @Produces
    @Singleton
    SpanProcessor processor() {
        return SimpleSpanProcessor.create(exporter);
    }

    public List<SpanData> all() {
        return exporter.getFinishedSpanItems();
    }

    public List<SpanData> ofTrace(String traceId) {
        return all().stream().filter(span -> span.getTraceId().equals(traceId)).toList();
    }

    public List<SpanData> named(String name) {
        return all().stream().filter(span -> span.getName().equals(name)).toList();
    }

    /** Everything that they tell: names, attributes, events with their exceptions, links and statuses. */
    public List<String> texts() {
        return all().stream()
                .map(span -> span.getName() + " " + span.getAttributes().asMap() + " "
                        + span.getEvents().stream()
                                .map(event ->
                                        event.getName() + event.getAttributes().asMap())
                                .toList()
                        + span.getLinks().stream()
                                .map(link -> link.getAttributes().asMap())
                                .toList()
                        + span.getStatus().getDescription()
                        + span.getSpanContext().getTraceState()
                        + span.getResource().getAttributes().asMap())
                .toList();
    }

    public void forget() {
        exporter.reset();
    }
}
