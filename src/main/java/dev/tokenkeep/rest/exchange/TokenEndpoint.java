package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.rest.request.ProblemFormat;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.MediaType;

/** The path of the token endpoint. What is refused there before a resource is reached is written as an OAuth error too. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class TokenEndpoint implements ProblemFormat {

    static final String PATH = "/oauth2/token";

    /** @param path of a request, with or without what the server has before its resources */
    static boolean isAt(String path) {
        return path.endsWith(PATH) || path.endsWith(PATH + "/");
    }

    @Override
    public boolean isFor(String path) {
        // A path with parameters is refused as that of the endpoint.
        return isAt(path.split(";", 2)[0]);
    }

    @Override
    public Formatted format(Problem problem) {
        ExchangeError error = ExchangeError.of(problem);
        return new Formatted(error.status(), MediaType.APPLICATION_JSON, error.json());
    }
}
