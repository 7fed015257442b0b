package dev.tokenkeep.demo;

import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Where the demonstration is. */
@Singleton
@IfBuildProfile("dev")
class DemoAddresses {

    private final String base;

    DemoAddresses(@ConfigProperty(name = "quarkus.http.port", defaultValue = "8080") int port) {
        this.base = "http://localhost:" + port;
    }

    String base() {
        return base;
    }

    /** Where the browser comes back to after a sign-in; also in {@code application-dev.properties}. */
    String callback() {
        return base + "/demo/callback";
    }

    boolean isCallback(@Nullable String address) {
        return callback().equals(address);
    }
}
