package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.ProblemMetrics;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes OAuth errors, and counts the problems that they stand for. */
@Provider
public class ExchangeErrorWriter implements MessageBodyWriter<ExchangeError> {

    private final ProblemMetrics metrics;

    ExchangeErrorWriter(ProblemMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return ExchangeError.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            ExchangeError error,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        metrics.answered(error.type());
        out.write(error.json());
    }
}
