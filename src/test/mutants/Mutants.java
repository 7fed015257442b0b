import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Breaks what keeps sessions from being lost, one rule at a time, and expects a named test to notice. For rules that live in
 * SQL, between two transactions or between two replicas, where a mutation tool does not look. Run it with
 * {@code java src/test/mutants/Mutants.java} in the project's folder; arguments choose mutants by the beginning of their names.
 */
public final class Mutants {

    private static final Path MAIN = Path.of("src/main/java/dev/tokenkeep");
    private static final Path COPY = Path.of("target/mutants");

    private record Mutant(String name, String file, String from, String to, String test) {}

    private static final List<Mutant> ALL = List.of(
            new Mutant(
                    "skip-locked-dropped",
                    "session/store/ClaimStatements.java",
                    "order by %s limit %s for update skip locked",
                    "order by %s limit %s for update",
                    "ClaimTest#skipsWhatAnotherTransactionHolds"),
            new Mutant(
                    "lease-dropped",
                    "session/store/ClaimStatements.java",
                    "or ((lease_until is null or lease_until + :lease * interval '1 microsecond' <= now())",
                    "or ((lease_until is null or :lease > 0)",
                    "ClaimTest#claimsNothingTwice"),
            new Mutant(
                    "one-more-lease-dropped",
                    "session/store/ClaimStatements.java",
                    "lease_until + :lease * interval '1 microsecond' <= now())",
                    "lease_until + :lease * interval '0 second' <= now())",
                    "OneRefreshTest#aCrashedAttemptIsLeftAloneForOneMoreLease"),
            new Mutant(
                    "strict-hold-off-dropped",
                    "session/store/ClaimStatements.java",
                    "(t.unknown = 'RETRY'",
                    "(t.unknown <> 'ANYTHING'",
                    "OneRefreshTest#aCrashedAttemptUnderStrictRotationWaitsForTheTokensDeath"),
            new Mutant(
                    "leeway-window-dropped",
                    "session/store/ClaimStatements.java",
                    "sent_at + t.leeway * interval '1 microsecond' > now()",
                    "sent_at + t.leeway * interval '1 minute' > now()",
                    "LeewayTest#theRetryWindowEndsBeforeTheLeeway"),
            new Mutant(
                    "leeway-from-the-last-send",
                    "session/store/ClaimStatements.java",
                    "case when s.sent_version = s.rt_version then s.sent_at else now() end",
                    "now()",
                    "ClaimTest#theFirstSendCounts"),
            new Mutant(
                    "intent-dropped",
                    "session/store/ClaimStatements.java",
                    "sent_version = s.rt_version,",
                    "sent_version = null,",
                    "OneRefreshTest#theIntentIsCommittedBeforeTheFirstByte"),
            new Mutant(
                    "pause-dropped",
                    "session/store/ClaimStatements.java",
                    "and p.paused_until > now())",
                    "and p.paused_until < now())",
                    "RefusalsTest#aWrongRegistrationIsPausedAndEverySessionKept"),
            new Mutant(
                    "missing-key-claimed",
                    "session/store/ClaimStatements.java",
                    "key_id = any(:keys)",
                    "(key_id = any(:keys) or true)",
                    "ClaimTest#leavesARowAloneWhoseKeyIsMissing"),
            new Mutant(
                    "order-dropped",
                    "session/store/ClaimStatements.java",
                    "access_token_expires_at nulls first",
                    "id",
                    "HerdTest"),
            new Mutant(
                    "status-dropped",
                    "session/store/ClaimStatements.java",
                    "status = 'ACTIVE' and refresh_due_at <= now()",
                    "refresh_due_at <= now()",
                    "ClaimTest#claimsNoSessionThatIsNotActive"),
            new Mutant(
                    "back-off-dropped",
                    "session/store/ClaimStatements.java",
                    "and (not_before is null or not_before <= now())",
                    "",
                    "RefusalsTest#aTokenForAnotherAudienceIsNotServed"),
            new Mutant(
                    "seen-version-dropped",
                    "session/store/ClaimStatements.java",
                    "and (:version = 0 or rt_version - target_refreshes = :version)",
                    "and (:version = 0 or rt_version - target_refreshes <= :version)",
                    "ClaimTest#claimsNothingForAReaderOfAnOlderVersion"),
            new Mutant(
                    "claimed-is-not-due",
                    "session/store/ClaimStatements.java",
                    "refresh_due_at = least(s.refresh_due_at, now())",
                    "refresh_due_at = s.refresh_due_at",
                    "ClaimTest#whatIsClaimedIsDue"),
            new Mutant(
                    "wall-clock-in-the-lease",
                    "session/store/ClaimStatements.java",
                    "lease_until = now() + :lease * interval '1 microsecond'",
                    "lease_until = now() + interval '120 second' + :lease * interval '1 microsecond'",
                    "ClaimTest#claimsNothingTwice"),
            new Mutant(
                    "wall-clock-in-the-expiry",
                    "session/ClaimedSession.java",
                    "return attempt.claimedAt().plusNanos(nanos - attempt.claimedNanos());",
                    "return java.time.Instant.now().plusSeconds(120);",
                    "StoreFenceTest#theLifetimeCountsFromTheRequestsStart"),
            new Mutant(
                    "budget-not-locked",
                    "session/budget/Budgets.java",
                    "\" order by registration for update\"",
                    "\" order by registration\"",
                    "ClaimTest#aBudgetIsSpentByOneClaimAtATime"),
            new Mutant(
                    "row-not-locked",
                    "session/store/SessionRows.java",
                    "where id = any(:ids) order by id for no key update",
                    "where id = any(:ids) order by id",
                    "StoreFenceTest#aStoreWaitsForWhoeverHoldsTheRow"),
            new Mutant(
                    "fence-dropped",
                    "session/store/RefreshResults.java",
                    "row.rtVersion == claimed.spent().version() && row.revivable()",
                    "row.revivable()",
                    "StoreFenceTest#theSecondOfTwoAnswersToOneRefreshTokenIsDroppedAndRevokesNothing"),
            new Mutant(
                    "owner-dropped",
                    "session/store/RefreshResults.java",
                    "                && row.attemptedBy(claimed.attempt().id())\n                && (row.status",
                    "                && (row.status",
                    "OneRefreshTest#aRefusalWhileAnotherAttemptHoldsTheSessionEndsNothing"),
            new Mutant(
                    "lost-acknowledgement-not-recognised",
                    "session/store/RefreshResults.java",
                    "if (row.attemptedBy(claimed.attempt().id())\n                && row.rtVersion == claimed.spent().version() + 1) {\n            return",
                    "if (row == null) {\n            return",
                    "StoreFenceTest#aStoreWhoseAcknowledgementGotLostIsRecognised"),
            new Mutant(
                    "re-read-before-the-end-dropped",
                    "session/store/RefreshResults.java",
                    "                && row.rtVersion == claimed.spent().version()\n",
                    "",
                    "StoreFenceTest#anEndThatAnotherAttemptOvertookEndsNothing"),
            new Mutant(
                    "removed-is-revived",
                    "session/store/SessionRow.java",
                    "return status != SessionStatus.REMOVED && status != SessionStatus.QUARANTINED;",
                    "return status != SessionStatus.QUARANTINED;",
                    "OneRefreshTest#aSessionRemovedDuringItsRefreshStaysRemovedAndWhatCameBackIsRevoked"),
            new Mutant(
                    "unproven-is-served",
                    "session/store/RefreshResults.java",
                    "row.unproven(now);",
                    "",
                    "OneRefreshTest#aLateSuccessRevivesASessionThatWasMarkedDeadButIsProvenBeforeItIsServed"),
            new Mutant(
                    "answer-not-held",
                    "refresh/PendingWrites.java",
                    "held.put(attempt, answer);",
                    "",
                    "DatabaseFaultsTest#anAnswerOutlivesAnOutageOfTheDatabase"),
            new Mutant(
                    "unstored-not-bounded",
                    "refresh/InFlightRefreshes.java",
                    "registration.limits().maxConcurrency() + MAX_UNSTORED;",
                    "registration.limits().maxConcurrency() + 100 * MAX_UNSTORED;",
                    "DatabaseFaultsTest#asksForNoMoreThanIsStoredSoon"),
            new Mutant(
                    "overtaken-read-remembered",
                    "session/cache/SessionCache.java",
                    "isStill(reading) ? one : before",
                    "one",
                    "SessionCacheTest#remembersNoReadDuringWhichTheSessionChanged"),
            new Mutant(
                    "trusted-without-hearing",
                    "session/cache/SessionCache.java",
                    "return isWithin(TRUSTED, heard);",
                    "return isWithin(TRUSTED.multipliedBy(60), heard);",
                    "SessionCacheTest#trustsNothingASecondAfterItLastHeard"),
            new Mutant(
                    "no-last-look-at-the-lease",
                    "http/HttpExchange.java",
                    "lastLook.ask(this::mayLeave)",
                    "lastLook.ask(() -> true)",
                    "HttpSenderTest#sendsNothingIfTheLeaseRunsOutWhileTheRequestIsMade"),
            new Mutant(
                    "lease-not-renewed",
                    "refresh/LeaseKeeper.java",
                    "leases.renew(halfOver, lease);",
                    "",
                    "SlowServerTest#renewsTheLeaseOfARequestInFlight"),
            new Mutant(
                    "renewal-not-fenced",
                    "session/store/Leases.java",
                    "and attempt_id = any(:attempts)",
                    "and (attempt_id = any(:attempts) or true)",
                    "SlowServerTest#doesNotRenewAnothersLeaseAndStoresItsAnswer"),
            new Mutant(
                    "given-back-lease-renewed",
                    "session/store/Leases.java",
                    "and lease_until is not null",
                    "",
                    "SlowServerTest#doesNotRenewALeaseThatWasGivenBack"),
            new Mutant(
                    "failed-ones-not-last",
                    "session/store/ClaimStatements.java",
                    "\"failures = 0\",",
                    "\"true\",",
                    "FairnessTest#claimsThoseFirstThatHaveNotFailed"),
            new Mutant(
                    "probe-with-anything",
                    "session/store/ClaimStatements.java",
                    "t.probe and refreshed_at is null, access_token_expires_at",
                    "access_token_expires_at",
                    "FairnessTest#probesWithASessionThatHasSucceeded"),
            new Mutant(
                    "retries-take-all-permits",
                    "authorizationserver/Permits.java",
                    "Math.min(number, retryLimit - retries)",
                    "Math.min(number, most)",
                    "FairnessTest#sessionsWhoseRequestsHangLeavePermitsToTheOthers"),
            new Mutant(
                    "retries-take-the-whole-budget",
                    "session/budget/BudgetShares.java",
                    "Math.min(requests, Math.max(0, Math.max(leftOver, own)))",
                    "requests",
                    "FairnessTest#retriesTakeOfABudgetWhatOthersLeave"),
            new Mutant(
                    "backlog-hides-others",
                    "session/budget/DueRegistrations.java",
                    "first.size() < MAX_LOOKED_AT ? first : eachOf(registrations)",
                    "first",
                    "FairnessTest#aBacklogHidesNoOtherRegistration"),
            new Mutant(
                    "one-refusal-is-a-verdict",
                    "authorizationserver/Refusals.java",
                    "IN_A_ROW = 3",
                    "IN_A_ROW = 1",
                    "RefusalsTest#oneRefusedSessionBacksOffAloneAndSeveralPauseTheRegistration"),
            new Mutant(
                    "the-later-client-replaces-the-first",
                    "registration/added/RegistrationChanges.java",
                    "former -> !former.is(State.ACTIVE)",
                    "former -> true",
                    "RegisterClientTest#ofTwoAtOnceOneIsStoredAndTheClientOfTheOtherIsLogged"));

    private Mutants() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (List.of(args).equals(List.of("--check"))) {
            expectPlacesAndTests(ALL, Path.of(""));
            return;
        }
        copy(Path.of("src"), COPY.resolve("src"));
        copy(Path.of(".mvn"), COPY.resolve(".mvn"));
        for (String file : List.of("pom.xml", "mvnw")) {
            Files.copy(Path.of(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        expectAllTestsToPass(chosen(args));
        var survived = new ArrayList<String>();
        for (Mutant mutant : chosen(args)) {
            boolean killed = killed(mutant);
            System.out.printf("%-40s %-9s %s%n", mutant.name(), killed ? "killed" : "SURVIVED", mutant.test());
            if (!killed) {
                survived.add(mutant.name());
            }
        }
        System.exit(survived.isEmpty() ? 0 : 1);
    }

    private static List<Mutant> chosen(String[] names) {
        return ALL.stream()
                .filter(mutant -> names.length == 0 || Stream.of(names).anyMatch(mutant.name()::startsWith))
                .toList();
    }

    /** Each rule is still written so, and its test is there. */
    private static void expectPlacesAndTests(List<Mutant> mutants, Path project) throws IOException {
        for (Mutant mutant : mutants) {
            if (!Files.readString(project.resolve(MAIN).resolve(mutant.file())).contains(mutant.from())) {
                throw new IllegalStateException(mutant.name() + ": " + mutant.file() + " does not say so any more");
            }
            String[] test = mutant.test().split("#");
            try (Stream<Path> files = Files.walk(project.resolve("src/test/java"))) {
                Path file = files.filter(found -> found.endsWith(test[0] + ".java"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("There is no " + test[0]));
                if (test.length > 1 && !Files.readString(file).contains(" " + test[1] + "(")) {
                    throw new IllegalStateException("There is no " + mutant.test());
                }
            }
        }
    }

    /** Or a test that fails anyway would seem to notice everything. */
    private static void expectAllTestsToPass(List<Mutant> mutants) throws IOException, InterruptedException {
        expectPlacesAndTests(mutants, COPY);
        String tests = mutants.stream().map(Mutant::test).distinct().collect(Collectors.joining(","));
        if (run("test", "-Dtest=" + tests) != 0) {
            throw new IllegalStateException("The tests do not pass without a mutant: " + COPY.resolve("last.log"));
        }
    }

    private static boolean killed(Mutant mutant) throws IOException, InterruptedException {
        Path file = COPY.resolve(MAIN).resolve(mutant.file());
        String whole = Files.readString(file);
        Files.writeString(file, whole.replace(mutant.from(), mutant.to()));
        try {
            if (run("test-compile") != 0) {
                throw new IllegalStateException(mutant.name() + " does not compile");
            }
            return run("test", "-Dtest=" + mutant.test(), "-Dsurefire.failIfNoSpecifiedTests=true") != 0;
        } finally {
            Files.writeString(file, whole);
        }
    }

    private static int run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", "mvnw", "-B", "-ntp", "-q", "-Djacoco.skip"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(COPY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(COPY.resolve("last.log").toFile())
                .start()
                .waitFor();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
