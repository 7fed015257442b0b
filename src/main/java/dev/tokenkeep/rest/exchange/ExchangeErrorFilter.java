package dev.tokenkeep.rest.exchange;

import dev.tokenkeep.problem.Problem;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Turns the problems of the token endpoint that arise outside its resource into OAuth errors: 405, 415 and 429 too. */
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
public class ExchangeErrorFilter {

    @ServerResponseFilter
    public void ends(ContainerResponseContext response, UriInfo uri) {
        if (response.getEntity() instanceof Problem problem && TokenEndpoint.isAt(uri.getPath())) {
            ExchangeError error = ExchangeError.of(problem);
            response.setStatus(error.status());
            response.setEntity(error, new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
            error.headers().forEach((name, value) -> response.getHeaders().putSingle(name, value));
        }
    }
}
