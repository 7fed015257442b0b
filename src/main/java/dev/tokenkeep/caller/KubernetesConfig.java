package dev.tokenkeep.caller;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** {@code tokenkeep.kubernetes.*}. */
@ConfigMapping(prefix = "tokenkeep.kubernetes")
interface KubernetesConfig {

    /**
     * The {@code iss} of the cluster's service account tokens. If set, callers may use projected tokens of the cluster
     * that this runs in.
     */
    Optional<String> issuer();
}
