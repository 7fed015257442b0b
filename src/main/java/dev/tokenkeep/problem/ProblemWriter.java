package dev.tokenkeep.problem;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes problems as the last step, so that every filter before it sees which problem is returned. */
@Provider
public class ProblemWriter implements MessageBodyWriter<Problem> {

    private final ProblemMetrics metrics;

    ProblemWriter(ProblemMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return Problem.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            Problem problem,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        metrics.answered(problem.type());
        out.write(problem.json());
    }
}
