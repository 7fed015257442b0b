package dev.tokenkeep.refresh;

import dev.tokenkeep.session.SessionStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one of the replicas tells of all of them. */
@Singleton
class SessionGauges {

    private static final String REGISTRATION = "registration";

    private final MultiGauge sessions;
    private final MultiGauge due;
    private final MultiGauge dueAge;
    private final MultiGauge pauses;
    private final MultiGauge budgets;

    SessionGauges(MeterRegistry meters) {
        this.sessions = gauge(meters, "tokenkeep.sessions", null);
        this.due = gauge(meters, "tokenkeep.sessions.due", null);
        this.dueAge = gauge(meters, "tokenkeep.sessions.due.age", "seconds");
        this.pauses = gauge(meters, "tokenkeep.pause.remaining", "seconds");
        this.budgets = gauge(meters, "tokenkeep.rate.budget.remaining", null);
    }

    /**
     * A configured registration.
     *
     * @param pause what is left of its pause; zero for none
     * @param budget null for no rate limit
     */
    record Seen(
            String registration,
            long due,
            Duration dueAge,
            Duration pause,
            @Nullable Integer budget) {}

    /** These alone; a configured registration without sessions has none of every status. */
    void show(List<Seen> configured, Map<String, Map<SessionStatus, Long>> counted) {
        show(due, configured.stream().map(seen -> row(seen, seen.due())));
        show(dueAge, configured.stream().map(seen -> row(seen, seconds(seen.dueAge()))));
        show(pauses, configured.stream().map(seen -> row(seen, seconds(seen.pause()))));
        show(
                budgets,
                configured.stream()
                        .filter(seen -> seen.budget() != null)
                        .map(seen -> row(seen, seen.budget() == null ? 0 : seen.budget())));
        show(
                sessions,
                Stream.concat(configured.stream().map(Seen::registration), counted.keySet().stream())
                        .distinct()
                        .flatMap(registration -> byStatus(registration, counted.getOrDefault(registration, Map.of()))));
    }

    private static Stream<Row<?>> byStatus(String registration, Map<SessionStatus, Long> counted) {
        return Arrays.stream(SessionStatus.values())
                .map(status -> Row.of(
                        Tags.of(
                                REGISTRATION,
                                registration,
                                "status",
                                status.name().toLowerCase(Locale.ROOT)),
                        counted.getOrDefault(status, 0L)));
    }

    private static Row<?> row(Seen seen, Number value) {
        return Row.of(Tags.of(REGISTRATION, seen.registration()), value);
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
