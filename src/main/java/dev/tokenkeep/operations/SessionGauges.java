package dev.tokenkeep.operations;

import static dev.tokenkeep.authorizationserver.RegistrationTags.OTHER;

import dev.tokenkeep.SessionStatus;
import dev.tokenkeep.authorizationserver.RegistrationTags;
import dev.tokenkeep.registration.RegistrationTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gauges that one replica publishes for all replicas. Registrations with the most sessions have their own series
 * and the others are added up, so the number of series stays limited.
 */
@Singleton
class SessionGauges {

    private static final String REGISTRATION = "registration";

    private final MultiGauge sessions;
    private final MultiGauge due;
    private final MultiGauge dueAge;
    private final MultiGauge pauses;
    private final MultiGauge budgets;
    private final int most;
    private final Predicate<String> used;

    @Inject
    SessionGauges(MeterRegistry meters, RegistrationTags tags) {
        this(meters, tags.most(), tags::isOwn);
    }

    /**
     * @param most the number of registrations with their own series
     * @param used selects registrations that are shown even without sessions
     */
    SessionGauges(MeterRegistry meters, int most, Predicate<String> used) {
        this.most = most;
        this.used = used;
        this.sessions = gauge(meters, "tokenkeep.sessions", null);
        this.due = gauge(meters, "tokenkeep.sessions.due", null);
        this.dueAge = gauge(meters, "tokenkeep.sessions.due.age", "seconds");
        this.pauses = gauge(meters, "tokenkeep.pause.remaining", "seconds");
        this.budgets = gauge(meters, "tokenkeep.rate.budget.remaining", null);
    }

    /**
     * The values of a configured registration.
     *
     * @param pause the rest of its pause; zero for none
     * @param budget null without a rate limit
     */
    record Seen(
            String registration,
            long due,
            Duration dueAge,
            Duration pause,
            @Nullable Integer budget) {

        /** Combines two registrations: the sum of the due sessions, and the worst of the other values. */
        Seen with(Seen other) {
            return new Seen(
                    registration.equals(other.registration) ? registration : OTHER,
                    due + other.due,
                    longer(dueAge, other.dueAge),
                    longer(pause, other.pause),
                    budget == null || (other.budget != null && other.budget < budget) ? other.budget : budget);
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) > 0 ? one : other;
        }
    }

    /**
     * Publishes these values and no former ones. A configured registration is shown only if it has sessions, is paused
     * or is used in this process.
     */
    void show(List<Seen> configured, Map<String, Map<SessionStatus, Long>> ofEach) {
        Map<String, Map<SessionStatus, Long>> counted = withoutCustomers(ofEach);
        List<Seen> told = configured.stream()
                .filter(one -> counted.containsKey(one.registration())
                        || used.test(one.registration())
                        || one.due() > 0
                        || !one.pause().isZero())
                .toList();
        Set<String> own = Stream.concat(
                        counted.entrySet().stream()
                                .sorted(Comparator.comparing(entry -> -sum(entry.getValue())))
                                .map(Map.Entry::getKey),
                        told.stream().map(Seen::registration))
                .distinct()
                .limit(most)
                .collect(Collectors.toSet());
        Collection<Seen> seen = told.stream()
                .collect(Collectors.toMap(
                        one -> own.contains(one.registration()) ? one.registration() : OTHER, one -> one, Seen::with))
                .values();
        show(due, seen.stream().map(one -> row(one, own, one.due())));
        show(dueAge, seen.stream().map(one -> row(one, own, seconds(one.dueAge()))));
        show(pauses, seen.stream().map(one -> row(one, own, seconds(one.pause()))));
        show(
                budgets,
                seen.stream().flatMap(one -> Stream.ofNullable(one.budget()).map(budget -> row(one, own, budget))));
        Set<String> all = told.stream().map(Seen::registration).collect(Collectors.toSet());
        all.addAll(counted.keySet());
        show(sessions, byStatus(all, counted, own));
    }

    /** Adds the customers of each template up. */
    private static Map<String, Map<SessionStatus, Long>> withoutCustomers(
            Map<String, Map<SessionStatus, Long>> ofEach) {
        var counted = new TreeMap<String, Map<SessionStatus, Long>>();
        ofEach.forEach((name, statuses) -> {
            var all = counted.computeIfAbsent(
                    RegistrationTemplate.base(name), base -> new EnumMap<>(SessionStatus.class));
            statuses.forEach((status, number) -> all.merge(status, number, Long::sum));
        });
        return counted;
    }

    private static long sum(Map<SessionStatus, Long> counted) {
        return counted.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Stream<Row<?>> byStatus(
            Set<String> all, Map<String, Map<SessionStatus, Long>> counted, Set<String> own) {
        var rows = new TreeMap<String, Map<SessionStatus, Long>>();
        all.forEach(registration -> {
            Map<SessionStatus, Long> statuses = counted.getOrDefault(registration, Map.of());
            Map<SessionStatus, Long> row = rows.computeIfAbsent(
                    own.contains(registration) ? registration : OTHER, name -> new EnumMap<>(SessionStatus.class));
            for (SessionStatus status : SessionStatus.values()) {
                row.merge(status, statuses.getOrDefault(status, 0L), Long::sum);
            }
        });
        return rows.entrySet().stream()
                .flatMap(row -> row.getValue().entrySet().stream()
                        .map(count -> Row.of(
                                Tags.of(
                                        REGISTRATION,
                                        row.getKey(),
                                        "status",
                                        count.getKey().name().toLowerCase(Locale.ROOT)),
                                count.getValue())));
    }

    private static Row<?> row(Seen seen, Set<String> own, Number value) {
        String registration = seen.registration();
        return Row.of(Tags.of(REGISTRATION, own.contains(registration) ? registration : OTHER), value);
    }

    private static void show(MultiGauge gauge, Stream<Row<?>> rows) {
        gauge.register(rows.toList(), true);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000d;
    }

    private static MultiGauge gauge(MeterRegistry meters, String name, @Nullable String unit) {
        return MultiGauge.builder(name).baseUnit(unit).register(meters);
    }
}
