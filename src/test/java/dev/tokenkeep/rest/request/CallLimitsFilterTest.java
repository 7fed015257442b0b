package dev.tokenkeep.rest.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokenkeep.caller.CallLimits;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.settings.RedirectUris;
import dev.tokenkeep.testing.AuthorizationServerResource;
import dev.tokenkeep.testing.CallersResource;
import dev.tokenkeep.testing.EmbeddedPostgresResource;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A call that is over before it is admitted, while its caller was authenticated. */
@QuarkusTest
@WithTestResource(EmbeddedPostgresResource.class)
@WithTestResource(AuthorizationServerResource.class)
@WithTestResource(CallersResource.class)
class CallLimitsFilterTest {

    @Inject
    CallLimits limits;

    private final String name = "of-one-call-" + UUID.randomUUID();
    private final SecurityIdentity identity = QuarkusSecurityIdentity.builder()
            .setAnonymous(true)
            .addAttribute(
                    Caller.ATTRIBUTE,
                    new Caller(
                            name,
                            Set.of(),
                            null,
                            Set.of(name),
                            1,
                            null,
                            new RedirectUris(Set.of()),
                            new RedirectUris(Set.of())))
            .build();

    /** No end handler runs any more once the connection is gone. */
    private static RoutingContext call(boolean gone) {
        var response = only(HttpServerResponse.class, Map.of("closed", gone));
        return only(RoutingContext.class, Map.of("response", response, "addEndHandler", 1));
    }

    private static <T> T only(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }

    @Test
    void doesNotCountAgainstTheLimit() {
        var filter = new CallLimitsFilter(limits, identity);
        assertThat(filter.admit(call(true))).isEmpty();
        assertThat(filter.admit(call(true))).isEmpty();
        assertThat(filter.admit(call(false))).isEmpty();
        assertThat(filter.admit(call(false)))
                .hasValueSatisfying(answer -> assertThat(answer.getStatus()).isEqualTo(429));
    }
}
