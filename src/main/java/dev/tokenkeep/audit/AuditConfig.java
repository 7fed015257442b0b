package dev.tokenkeep.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code tokenkeep.audit.*}. */
@ConfigMapping(prefix = "tokenkeep.audit")
interface AuditConfig {

    /** Whether entries are also stored in the table {@code tokenkeep_audit}. */
    @WithDefault("false")
    boolean table();

    /** Whether a token is returned only if its entry is in the table. */
    @WithDefault("false")
    boolean failClosed();
}
