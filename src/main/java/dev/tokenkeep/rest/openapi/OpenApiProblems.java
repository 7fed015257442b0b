package dev.tokenkeep.rest.openapi;

import static dev.tokenkeep.problem.ProblemType.FORBIDDEN;
import static dev.tokenkeep.problem.ProblemType.INTERNAL_ERROR;
import static dev.tokenkeep.problem.ProblemType.INVALID_REQUEST;
import static dev.tokenkeep.problem.ProblemType.ISSUER_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.NOT_ACCEPTABLE;
import static dev.tokenkeep.problem.ProblemType.STORAGE_UNAVAILABLE;
import static dev.tokenkeep.problem.ProblemType.TOO_MANY_REQUESTS;
import static dev.tokenkeep.problem.ProblemType.UNAUTHORIZED;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemResponses;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.rest.DpopProofResource;
import dev.tokenkeep.rest.KeysResource;
import dev.tokenkeep.rest.SessionQueriesResource;
import dev.tokenkeep.rest.SessionsResource;
import dev.tokenkeep.rest.SubjectTokensResource;
import dev.tokenkeep.rest.TokensResource;
import dev.tokenkeep.rest.imports.SessionImportResource;
import dev.tokenkeep.rest.registrations.RegistrationChangesResource;
import dev.tokenkeep.rest.registrations.RegistrationsResource;
import dev.tokenkeep.rest.signin.AuthorizationCompletionResource;
import dev.tokenkeep.rest.signin.AuthorizationsResource;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Completes Tokenkeep's operations in the OpenAPI document at build time. Adds the caller's token, and every problem
 * that an operation may return, with an example. Changes no other operation.
 */
@OpenApiFilter(stages = RunStage.BUILD)
public final class OpenApiProblems implements OASFilter {

    private static final String PROBLEM = "TokenkeepProblem";
    private static final String CALLER = "tokenkeepCaller";
    private static final List<Class<?>> RESOURCES = List.of(
            SessionsResource.class,
            SessionQueriesResource.class,
            SessionImportResource.class,
            TokensResource.class,
            SubjectTokensResource.class,
            DpopProofResource.class,
            AuthorizationsResource.class,
            AuthorizationCompletionResource.class,
            RegistrationsResource.class,
            RegistrationChangesResource.class,
            KeysResource.class);

    @Override
    public void filterOpenAPI(OpenAPI document) {
        Map<String, Method> calls = calls();
        List<Operation> ours = operations(document)
                .filter(operation -> calls.containsKey(operation.getOperationId()))
                .toList();
        if (ours.isEmpty()) {
            return;
        }
        Components components = Objects.requireNonNullElseGet(document.getComponents(), OASFactory::createComponents);
        document.setComponents(components
                .addSchema(PROBLEM, problemSchema())
                .addSecurityScheme(
                        CALLER,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT")
                                .description(
                                        "The caller's JWT. tokenkeep.callers configures how a caller is recognized.")));
        ours.forEach(operation -> complete(operation, Objects.requireNonNull(calls.get(operation.getOperationId()))));
    }

    private static Map<String, Method> calls() {
        var calls = new LinkedHashMap<String, Method>();
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getDeclaredMethods()) {
                var operation = method.getAnnotation(org.eclipse.microprofile.openapi.annotations.Operation.class);
                if (operation != null) {
                    calls.put(operation.operationId(), method);
                }
            }
        }
        return calls;
    }

    private static Stream<Operation> operations(OpenAPI document) {
        return document.getPaths() == null || document.getPaths().getPathItems() == null
                ? Stream.empty()
                : document.getPaths().getPathItems().values().stream()
                        .map(PathItem::getOperations)
                        .flatMap(operations -> operations.values().stream());
    }

    private static void complete(Operation operation, Method call) {
        operation.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(CALLER)));
        problems(operation, call)
                .forEach((status, types) ->
                        operation.getResponses().addAPIResponse(String.valueOf(status), response(types)));
    }

    /** Returns the problem types by status. */
    private static Map<Integer, List<ProblemType>> problems(Operation operation, Method call) {
        var types = new ArrayList<>(List.of(
                INVALID_REQUEST,
                UNAUTHORIZED,
                FORBIDDEN,
                NOT_ACCEPTABLE,
                TOO_MANY_REQUESTS,
                INTERNAL_ERROR,
                STORAGE_UNAVAILABLE,
                ISSUER_UNAVAILABLE));
        if (operation.getRequestBody() != null) {
            types.addAll(List.of(ProblemType.BODY_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE));
        }
        ProblemResponses own = call.getAnnotation(ProblemResponses.class);
        if (own != null) {
            types.addAll(List.of(own.value()));
        }
        return types.stream().collect(Collectors.groupingBy(ProblemType::status, TreeMap::new, Collectors.toList()));
    }

    private static APIResponse response(List<ProblemType> types) {
        MediaType content =
                OASFactory.createMediaType().schema(OASFactory.createSchema().ref(PROBLEM));
        types.forEach(type ->
                content.addExample(type.urn(), OASFactory.createExample().value(ProblemExamples.of(type))));
        APIResponse response = OASFactory.createAPIResponse()
                .description(types.stream()
                        .map(ProblemType::title)
                        .reduce((a, b) -> a + ", or: " + b)
                        .orElse(""))
                .content(OASFactory.createContent().addMediaType(Problem.MEDIA_TYPE, content));
        int status = types.get(0).status();
        if (status == 503 || status == 429) {
            response.addHeader("Retry-After", header("Whole seconds to wait before the next try", SchemaType.INTEGER));
        } else if (status == 401) {
            response.addHeader("WWW-Authenticate", header("Bearer (RFC 6750)", SchemaType.STRING));
        }
        return response;
    }

    private static Header header(String description, SchemaType type) {
        return OASFactory.createHeader()
                .description(description)
                .schema(OASFactory.createSchema().addType(type));
    }

    private static Schema problemSchema() {
        return OASFactory.createSchema()
                .addType(SchemaType.OBJECT)
                .description("A problem (RFC 9457). Programs should use only type; the texts may change.")
                .required(List.of("type", "title", "status", "detail"))
                .addProperty(
                        "type", text("A stable URN: urn:tokenkeep:problem:…").format("uri"))
                .addProperty("title", text("The kind of problem"))
                .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
                .addProperty("detail", text("What this problem means for this call"))
                .addProperty(
                        "member",
                        text("Only in invalid-request: the path of the invalid member in the body, or the name of the"
                                + " query parameter; empty for the body as a whole"))
                .addProperty(
                        "code",
                        text(
                                "Why. In reauthentication-required and user-action-required the same as failure.code of the"
                                        + " session"))
                .addProperty(
                        "claims",
                        text("Only in authorization-denied: what the user has to do first, as the parameter claims of a"
                                + " new authorization request"))
                .addProperty(
                        "session",
                        text("Only in reauthentication-required and user-action-required: the session to begin a"
                                + " sign-in with"))
                .addProperty("registration", text("The registration of this session"))
                .addProperty("subject", text("The subject of this session"));
    }

    private static Schema text(String description) {
        return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
    }
}
