package dev.tokenkeep.operations;

import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Adjusts the metrics that Quarkus provides for the two HTTP servers, that of the API and that of the management port.
 */
@Singleton
@IfBuildProperty(name = "tokenkeep.service", stringValue = "true")
class HttpServerMetrics {

    /**
     * Drops the gauge that both servers register under the same name. It would count the connections of only one of
     * them.
     */
    @Produces
    @Singleton
    static MeterFilter withoutSharedGauge() {
        return MeterFilter.denyNameStartsWith("http.server.active.connections");
    }
}
