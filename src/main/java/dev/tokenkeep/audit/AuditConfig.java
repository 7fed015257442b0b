package dev.tokenkeep.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code tokenkeep.audit.*}. */
@ConfigMapping(prefix = "tokenkeep.audit")
interface AuditConfig {

    /** Whether entries are also kept in the table {@code tokenkeep_audit}. */
    @WithDefault("false")
    boolean table();

    /** Whether no token is handed out whose entry is not in the table. */
    @WithDefault("false")
    boolean failClosed();
}
