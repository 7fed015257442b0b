package dev.tokenkeep.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.caller.Caller;
import dev.tokenkeep.caller.Permission;
import dev.tokenkeep.fuzz.FuzzInput;
import dev.tokenkeep.problem.Json;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.registration.settings.TestClientRegistrations;
import dev.tokenkeep.rest.request.QueryParameters;
import dev.tokenkeep.session.RegistrationNames;
import dev.tokenkeep.session.SessionQuery;
import dev.tokenkeep.settings.RedirectUris;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Whatever a query has is read within its bounds, the page's cursor too, or refused with a problem. */
public final class QueryFuzz {

    private static final Set<ProblemType> REFUSALS = Set.of(ProblemType.INVALID_REQUEST, ProblemType.FORBIDDEN);
    private static final CallerSessions OWN = own();
    private static final List<Consumer<UriInfo>> CALLS =
            List.of(QueryFuzz::page, QueryFuzz::removal, QueryFuzz::token, QueryFuzz::idToken);

    private QueryFuzz() {}

    public static void read(FuzzInput input) throws JsonProcessingException {
        Consumer<UriInfo> call = input.oneOf(CALLS);
        try {
            call.accept(uri(input.text()));
        } catch (ProblemException refused) {
            assertThat(REFUSALS).contains(refused.problem().type());
            assertThat(Json.read(refused.problem().json()).path("detail").asText())
                    .isNotBlank();
        }
    }

    private static void page(UriInfo uri) {
        SessionQuery query = SessionQueryParser.of(uri, OWN);
        assertThat(query.owningCallers()).containsExactly("orders");
        assertThat(query.registrations()).isEqualTo(Set.of("test"));
        assertThat(query.limit()).isBetween(1, 500);
        assertThat(query.status()).isNotEqualTo(SessionStatus.REMOVED);
        assertThat(query.after() == null ? "x".repeat(16) : query.after()).matches("[A-Za-z0-9_-]{16,64}");
        assertThat(query.subject() == null ? "none" : query.subject())
                .isNotEmpty()
                .doesNotContain("\0");
    }

    private static void removal(UriInfo uri) {
        SessionQuery query = SessionQueryParser.ofSubjectOrRegistration(uri, OWN);
        assertThat(query.owningCallers()).containsExactly("orders");
        assertThat(query.registrations()).isEqualTo(Set.of("test"));
        assertThat(query.subject() == null ? "a registration" : query.subject())
                .isNotEmpty()
                .doesNotContain("\0");
    }

    private static void token(UriInfo uri) {
        assertThat(QueryParameters.of(uri, "min_ttl").minTtl().toSeconds()).isBetween(0L, (long) Integer.MAX_VALUE);
    }

    private static void idToken(UriInfo uri) {
        assertThat(QueryParameters.of(uri, "fresh").fresh()).isIn(true, false);
    }

    /** The parameters as they are after decoding. */
    private static UriInfo uri(String query) {
        var parameters = new MultivaluedHashMap<String, String>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (!pair.isEmpty()) {
                parameters.add(
                        equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return (UriInfo) Proxy.newProxyInstance(
                QueryFuzz.class.getClassLoader(), new Class<?>[] {UriInfo.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getQueryParameters");
                    return parameters;
                });
    }

    private static CallerSessions own() {
        SecurityIdentity identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("orders"))
                .addAttribute(
                        Caller.ATTRIBUTE,
                        new Caller(
                                "orders",
                                Set.of(Permission.SESSIONS_READ),
                                RegistrationNames.of(Set.of("test")),
                                Set.of("orders"),
                                1,
                                null,
                                new RedirectUris(Set.of()),
                                new RedirectUris(Set.of())))
                .build();
        var registrations = TestClientRegistrations.fixed(Map.of(
                "test", TestClientRegistrations.with(Map.of()), "other", TestClientRegistrations.with(Map.of())));
        return new CallerSessions(identity, null, registrations, null);
    }
}
