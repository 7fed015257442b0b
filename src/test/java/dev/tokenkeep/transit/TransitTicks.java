package dev.tokenkeep.transit;

import io.quarkus.arc.Arc;

/** The job that reads client keys again, for tests that cannot wait a minute. */
public final class TransitTicks {

    private TransitTicks() {}

    public static void tick() {
        Arc.container().instance(TransitSigningKeys.class).get().tick();
    }
}
