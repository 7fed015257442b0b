package dev.tokenkeep.settings;

import dev.tokenkeep.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A value read from files that may be replaced while the process runs, such as those of a Kubernetes Secret, or from
 * something else that changes. It is checked when the value is requested, at most every two seconds; without requests
 * nothing is checked. If the new content is invalid, the former value stays in use. Thread-safe.
 */
public final class Replaceable<T> {

    private static final Logger LOG = Logger.getLogger(Replaceable.class);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final String what;
    private final @Nullable Supplier<String> stamp;
    private final Function<ConfigViolations, @Nullable T> read;
    private final Ticker ticker;
    private final AtomicLong lookedNanos;
    private volatile T current;
    private volatile String seen;

    /**
     * @param what names the value, for the log
     * @param files of a directory, all that are in it count
     * @param read reads the value; adds a violation if it cannot be used
     */
    public Replaceable(
            String what, T first, List<Path> files, Function<ConfigViolations, @Nullable T> read, Ticker ticker) {
        this(what, first, files.isEmpty() ? null : () -> FileStamp.of(files), read, ticker);
    }

    /**
     * @param what names the value, for the log
     * @param stamp returns a text that changes when the value is to be read again; null if it never is
     * @param read reads the value; adds a violation if it cannot be used
     */
    public Replaceable(
            String what,
            T first,
            @Nullable Supplier<String> stamp,
            Function<ConfigViolations, @Nullable T> read,
            Ticker ticker) {
        this.what = what;
        this.current = first;
        this.stamp = stamp;
        this.read = read;
        this.ticker = ticker;
        this.lookedNanos = new AtomicLong(ticker.nanos());
        // The first check always reads again, because the files may have been replaced since they were first read.
        this.seen = "";
    }

    /** Returns the value as it was read last. Never blocks. */
    public T lastRead() {
        return current;
    }

    public T current() {
        long looked = lookedNanos.get();
        long now = ticker.nanos();
        if (stamp != null && now - looked >= EVERY.toNanos() && lookedNanos.compareAndSet(looked, now)) {
            look(stamp);
        }
        return current;
    }

    private synchronized void look(Supplier<String> stamp) {
        String now = stamp.get();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        var violations = new ConfigViolations();
        T replaced;
        try {
            replaced = read.apply(violations);
        } catch (RuntimeException e) {
            // Such as a file that went away meanwhile. It is looked at again.
            seen = "";
            LOG.warnf(
                    "%s: cannot be read; the previous value stays in use: %s",
                    what, e.getClass().getName());
            return;
        }
        if (replaced == null || !violations.isEmpty()) {
            LOG.warnf("%s: the new file is invalid; the previous value stays in use: %s", what, violations);
        } else if (!replaced.equals(current)) {
            current = replaced;
            LOG.infof("%s: replaced; the new value is now in use", what);
        }
    }
}
