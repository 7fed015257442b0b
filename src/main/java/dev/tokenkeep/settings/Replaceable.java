package dev.tokenkeep.settings;

import dev.tokenkeep.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is read from files that may be replaced while the process runs, such as a Kubernetes Secret's. They are looked at when it is
 * asked for, and not more often than every two seconds: what nobody asks for costs nothing. What can't be used leaves what was
 * read before. Thread-safe.
 */
public final class Replaceable<T> {

    private static final Logger LOG = Logger.getLogger(Replaceable.class);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final String what;
    private final List<Path> files;
    private final Function<ConfigViolations, @Nullable T> read;
    private final Ticker ticker;
    private final AtomicLong lookedNanos;
    private volatile T current;
    private volatile String seen;

    /**
     * @param what it is, for the log
     * @param read notes why it can't be used
     */
    public Replaceable(
            String what, T first, List<Path> files, Function<ConfigViolations, @Nullable T> read, Ticker ticker) {
        this.what = what;
        this.current = first;
        this.files = files;
        this.read = read;
        this.ticker = ticker;
        this.lookedNanos = new AtomicLong(ticker.nanos());
        // Read once more than needed: they may have been replaced since they were read first.
        this.seen = "";
    }

    public T current() {
        long looked = lookedNanos.get();
        long now = ticker.nanos();
        if (!files.isEmpty() && now - looked >= EVERY.toNanos() && lookedNanos.compareAndSet(looked, now)) {
            look();
        }
        return current;
    }

    private void look() {
        String now = signature();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        var violations = new ConfigViolations();
        T replaced = read.apply(violations);
        if (replaced == null || !violations.isEmpty()) {
            LOG.warnf("%s: the new file is invalid, the former value stays in use: %s", what, violations);
        } else if (!replaced.equals(current)) {
            current = replaced;
            LOG.infof("%s: replaced; the new value is now in use", what);
        }
    }

    /** Another one once a file was written or put in another's place. */
    private String signature() {
        return files.stream().map(Replaceable::signature).collect(Collectors.joining("\n"));
    }

    private static String signature(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException | RuntimeException e) {
            return "away";
        }
    }
}
