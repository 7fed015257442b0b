package dev.tokenkeep.rest.request;

import dev.tokenkeep.telemetry.CallContext;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a call in the log, the audit and the response. It is the caller's own id if that is fit for a log, so that
 * both logs can be compared, and otherwise a random one. The service sets it before anything else is done with the
 * request. In an application that uses the jar, only calls of Tokenkeep's API have one.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
public class RequestId {

    public static final String HEADER = "X-Request-Id";

    private static final String NAMED = RequestId.class.getName();
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    /** Runs before {@link RequestPrefilter}. */
    private static final int PRIORITY = 600;

    void register(@Observes Filters filters) {
        filters.register(RequestId::name, PRIORITY);
    }

    private static void name(RoutingContext call) {
        of(call);
        call.next();
    }

    /** Returns the same id each time. The first time, also sets it in the log context. */
    public static String of(RoutingContext call) {
        String named = call.get(NAMED);
        if (named == null) {
            String given = call.request().getHeader(HEADER);
            named = given != null && FIT.matcher(given).matches()
                    ? given
                    : UUID.randomUUID().toString();
            call.put(NAMED, named);
            CallContext.name(named);
        }
        return named;
    }
}
