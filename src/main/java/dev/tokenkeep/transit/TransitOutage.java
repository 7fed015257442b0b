package dev.tokenkeep.transit;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Logs once that something about a Transit key fails, and once that it works again. Thread-safe. */
final class TransitOutage {

    private static final Logger LOG = Logger.getLogger(TransitOutage.class);

    private final String key;
    private final String what;
    private final AtomicBoolean lasts = new AtomicBoolean();

    /** @param what fails, such as {@code signing} */
    TransitOutage(String key, String what) {
        this.key = key;
        this.what = what;
    }

    void failed(String reason) {
        if (lasts.compareAndSet(false, true)) {
            LOG.warnf("Transit key %s: %s fails: %s", key, what, reason);
        }
    }

    void succeeded() {
        if (lasts.get() && lasts.compareAndSet(true, false)) {
            LOG.infof("Transit key %s: %s works again", key, what);
        }
    }
}
