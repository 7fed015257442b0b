package dev.tokenkeep.refresh;

import dev.tokenkeep.session.RefreshOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The meters of one registration. They are created once, so that a read does not look them up by tags. */
public final class RegistrationMeters {

    /** Where an access token that a caller gets comes from. */
    public enum Source {
        MEMORY,
        /** The token cache, while the database cannot be asked whether the session has changed. */
        MEMORY_STALE,
        STORE,
        REFRESH
    }

    /** How a second refresh was avoided. */
    public enum Avoided {
        /** The caller joined the refresh under way in this process. */
        JOINED,
        /** Another refresh, usually of another replica, had changed the session. */
        MOVED
    }

    static final List<String> ID_TOKEN_RESULTS =
            List.of("valid", "claims_only", "not_verified", "invalid", "other_subject");

    private static final Duration[] AHEAD = seconds(1, 5, 10, 30, 60, 120, 300, 600, 3600);
    private static final Duration[] LATE = seconds(1, 5, 10, 30, 60, 300, 1800, 7200);

    private final Map<RefreshOutcome, Counter> refreshes;
    private final Map<Source, Counter> handedOut;
    private final Map<Avoided, Counter> avoided;
    private final Map<String, Counter> idTokenChecks;
    private final Counter takeovers;
    private final Counter quarantined;
    private final Timer ahead;
    private final Timer late;

    RegistrationMeters(MeterRegistry meters, String registration) {
        Tags tags = Tags.of("registration", registration);
        this.refreshes = each(
                RefreshOutcome.class, end -> meters.counter("tokenkeep.refreshes", tags.and("outcome", end.label())));
        this.handedOut = each(
                Source.class,
                source -> meters.counter("tokenkeep.tokens.handed.out", tags.and("source", label(source))));
        this.avoided =
                each(Avoided.class, how -> meters.counter("tokenkeep.refreshes.avoided", tags.and("how", label(how))));
        this.idTokenChecks = ID_TOKEN_RESULTS.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        result -> meters.counter("tokenkeep.id.token.checks", tags.and("result", result))));
        this.takeovers = meters.counter("tokenkeep.takeovers", tags);
        this.quarantined = meters.counter("tokenkeep.sessions.quarantined", tags);
        this.ahead = timer(meters, "tokenkeep.refresh.ahead", tags, AHEAD);
        this.late = timer(meters, "tokenkeep.refresh.late", tags, LATE);
    }

    void concluded(RefreshOutcome conclusion) {
        count(refreshes, conclusion);
    }

    /**
     * @param left the time until the previous access token expires, when the new one was stored; negative if it had
     *     expired
     */
    void storedWith(Duration left) {
        if (left.isNegative()) {
            late.record(left.negated());
        } else {
            ahead.record(left);
        }
    }

    public void handedOut(Source source) {
        count(handedOut, source);
    }

    public void avoided(Avoided how) {
        count(avoided, how);
    }

    void idTokenChecked(String result) {
        count(idTokenChecks, result);
    }

    void takenOver() {
        takeovers.increment();
    }

    void quarantined() {
        quarantined.increment();
    }

    private static <K> void count(Map<K, Counter> counters, K key) {
        Counter counter = counters.get(key);
        if (counter == null) {
            throw new IllegalArgumentException("There is no counter for " + key);
        }
        counter.increment();
    }

    private static <E extends Enum<E>> Map<E, Counter> each(Class<E> kinds, Function<E, Counter> counter) {
        var counters = new EnumMap<E, Counter>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            counters.put(kind, counter.apply(kind));
        }
        return counters;
    }

    private static Timer timer(MeterRegistry meters, String name, Tags tags, Duration[] buckets) {
        return Timer.builder(name).tags(tags).serviceLevelObjectives(buckets).register(meters);
    }

    private static Duration[] seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
    }

    private static String label(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
