package dev.tokenkeep.operations;

import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Metrics of the HTTP servers, of the API and of the management port, that Quarkus brings. */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class HttpServerMetrics {

    /** Drops the gauge that both servers register by the same name: it would count the connections of one of them. */
    @Produces
    @Singleton
    static MeterFilter withoutSharedGauge() {
        return MeterFilter.denyNameStartsWith("http.server.active.connections");
    }
}
