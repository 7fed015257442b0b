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
 * What a call is named by in the log, the audit and its answer: the caller's own name for it, so that its log and ours can be
 * laid side by side, if that is fit for a log. In the service a request is named before anything else is done with it; in an
 * application that takes the jar, calls of our API alone are.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
public class RequestId {

    public static final String HEADER = "X-Request-Id";

    private static final String NAMED = RequestId.class.getName();
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    /** Before {@link RequestPrefilter}. */
    private static final int FIRST = 600;

    void register(@Observes Filters filters) {
        filters.register(RequestId::name, FIRST);
    }

    private static void name(RoutingContext call) {
        of(call);
        call.next();
    }

    /** The same at every look; names the call in the log from the first on. */
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
