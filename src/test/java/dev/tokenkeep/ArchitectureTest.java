package dev.tokenkeep;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tokenkeep.database.AsksDatabase;
import jakarta.inject.Inject;
import jakarta.persistence.Entity;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The house: data goes one way, and nothing below knows a door. */
@AnalyzeClasses(packages = "dev.tokenkeep", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.tokenkeep";

    /** Whom everybody may use. */
    private static final Set<String> FOR_ALL = Set.of("", "oauth", "time", "telemetry");

    /** Whom each package uses besides, exactly: an arrow that nobody needs any more goes, and a new one is a decision. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            entry("", Set.of("oauth")),
            entry("oauth", Set.of()),
            entry("time", Set.of()),
            entry("telemetry", Set.of()),
            entry("settings", Set.of()),
            entry("crypto", Set.of()),
            entry("database", Set.of()),
            entry("session", Set.of()),
            entry("startup", Set.of("database", "settings")),
            entry("http", Set.of("settings")),
            entry("jose", Set.of("http")),
            entry("registration", Set.of("http", "jose", "settings")),
            entry("registration.settings", Set.of("http", "jose", "registration", "settings")),
            entry(
                    "registration.added",
                    Set.of(
                            "crypto",
                            "database",
                            "registration",
                            "registration.settings",
                            "session.upkeep",
                            "settings")),
            entry(
                    "registration.registering",
                    Set.of(
                            "authorizationserver.metadata",
                            "concurrent",
                            "http",
                            "registration",
                            "registration.added",
                            "registration.settings",
                            "settings")),
            entry("authorizationserver.clientauth", Set.of("jose", "registration")),
            entry("authorizationserver.metadata", Set.of("http", "registration", "settings")),
            entry(
                    "authorizationserver",
                    Set.of(
                            "authorizationserver.clientauth",
                            "authorizationserver.metadata",
                            "concurrent",
                            "http",
                            "jose",
                            "registration",
                            "settings")),
            entry("transit", Set.of("concurrent", "crypto", "http", "jose", "settings")),
            entry("replica", Set.of("database")),
            entry("session.fingerprint", Set.of("crypto", "database")),
            entry("session.budget", Set.of("database", "session", "session.fingerprint")),
            entry("session.cache", Set.of("database", "session")),
            entry("session.revocation", Set.of("crypto", "database")),
            entry(
                    "session.store",
                    Set.of(
                            "crypto",
                            "database",
                            "session",
                            "session.budget",
                            "session.cache",
                            "session.fingerprint",
                            "session.revocation",
                            "session.targets",
                            "session.upkeep")),
            entry("session.targets", Set.of("crypto", "database", "session")),
            entry("session.upkeep", Set.of("crypto", "database", "session.fingerprint")),
            entry("session.audit", Set.of("database")),
            entry("audit", Set.of("database", "session.audit", "session.fingerprint")),
            entry(
                    "keyring",
                    Set.of(
                            "crypto",
                            "database",
                            "registration.added",
                            "replica",
                            "session.fingerprint",
                            "session.revocation",
                            "session.store",
                            "session.upkeep",
                            "settings")),
            entry("concurrent", Set.of()),
            entry("problem", Set.of("crypto", "database", "registration")),
            entry("caller", Set.of("concurrent", "http", "jose", "problem", "registration", "session", "settings")),
            entry("refresh.timing", Set.of("database", "registration", "session", "settings")),
            entry(
                    "refresh",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "jose",
                            "refresh.timing",
                            "registration",
                            "session",
                            "session.budget",
                            "session.store",
                            "session.targets")),
            entry(
                    "lifecycle",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "refresh",
                            "refresh.timing",
                            "registration",
                            "registration.added",
                            "session",
                            "session.revocation",
                            "session.store",
                            "session.upkeep")),
            entry(
                    "refresh.scheduling",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "refresh",
                            "refresh.timing",
                            "registration",
                            "session",
                            "session.budget",
                            "session.store",
                            "session.upkeep")),
            entry(
                    "tokens",
                    Set.of(
                            "concurrent",
                            "database",
                            "http",
                            "refresh",
                            "refresh.scheduling",
                            "refresh.timing",
                            "registration",
                            "session",
                            "session.store")),
            entry(
                    "targets",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "grants",
                            "refresh",
                            "refresh.scheduling",
                            "refresh.timing",
                            "registration",
                            "session",
                            "session.store",
                            "session.targets",
                            "signin.exchange",
                            "tokens")),
            entry(
                    "proofs",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "jose",
                            "session",
                            "session.store",
                            "targets",
                            "tokens")),
            entry(
                    "operations",
                    Set.of(
                            "authorizationserver",
                            "database",
                            "refresh",
                            "refresh.timing",
                            "registration",
                            "replica",
                            "session.budget",
                            "session.upkeep")),
            entry(
                    "embedded",
                    Set.of(
                            "audit",
                            "concurrent",
                            "lifecycle",
                            "proofs",
                            "registration",
                            "session",
                            "settings",
                            "signin",
                            "signin.exchange",
                            "signin.store",
                            "targets",
                            "tokens")),
            entry("signin.store", Set.of("crypto", "database", "session.fingerprint")),
            entry(
                    "signin.exchange",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "jose",
                            "lifecycle",
                            "refresh",
                            "refresh.timing",
                            "registration",
                            "session",
                            "signin.store")),
            entry(
                    "signin.device",
                    Set.of(
                            "audit",
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "refresh",
                            "registration",
                            "session",
                            "signin.exchange",
                            "signin.store")),
            entry(
                    "signin",
                    Set.of(
                            "authorizationserver",
                            "concurrent",
                            "database",
                            "jose",
                            "lifecycle",
                            "registration",
                            "session",
                            "settings",
                            "signin.device",
                            "signin.exchange",
                            "signin.store")),
            entry(
                    "grants",
                    Set.of(
                            "authorizationserver",
                            "lifecycle",
                            "refresh",
                            "refresh.timing",
                            "registration",
                            "session",
                            "session.budget",
                            "signin.exchange")),
            entry("rest.request", Set.of("audit", "caller", "problem", "session")),
            entry(
                    "rest",
                    Set.of(
                            "audit",
                            "authorizationserver",
                            "caller",
                            "concurrent",
                            "grants",
                            "keyring",
                            "lifecycle",
                            "problem",
                            "proofs",
                            "registration",
                            "rest.request",
                            "session",
                            "targets",
                            "tokens")),
            entry(
                    "rest.signin",
                    Set.of(
                            "caller",
                            "concurrent",
                            "database",
                            "problem",
                            "registration",
                            "rest",
                            "rest.request",
                            "signin",
                            "signin.exchange",
                            "signin.store")),
            entry(
                    "rest.registrations",
                    Set.of(
                            "authorizationserver",
                            "caller",
                            "operations",
                            "problem",
                            "registration",
                            "registration.added",
                            "registration.registering",
                            "registration.settings",
                            "rest",
                            "rest.request",
                            "session.budget",
                            "signin")),
            entry("rest.imports", Set.of("audit", "caller", "lifecycle", "problem", "rest", "rest.request", "session")),
            entry(
                    "rest.exchange",
                    Set.of(
                            "audit",
                            "caller",
                            "problem",
                            "registration",
                            "rest",
                            "rest.request",
                            "session",
                            "settings")),
            entry("rest.openapi", Set.of("problem", "rest", "rest.imports", "rest.registrations", "rest.signin")),
            entry("demo", Set.of("lifecycle", "session")));

    @ArchTest
    static void packagesUseThoseAndNoOthers(JavaClasses all) {
        var uses = new TreeMap<String, Set<String>>();
        for (JavaClass one : all) {
            Set<String> used = uses.computeIfAbsent(room(one), room -> new TreeSet<>());
            one.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .map(ArchitectureTest::room)
                    .filter(room -> !room.equals(room(one)))
                    .filter(room -> !FOR_ALL.contains(room) || FOR_ALL.contains(room(one)))
                    .forEach(used::add);
        }
        assertThat(uses).isEqualTo(USES);
    }

    private static String room(JavaClass one) {
        return one.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "");
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.tokenkeep.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesTellWhatAThingIs =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper|Dto|Base)");

    @ArchTest
    static final ArchRule onlyTheStoreSpeaksSql = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.tokenkeep.session..",
                    "dev.tokenkeep.signin.store..",
                    "dev.tokenkeep.registration.added..",
                    "dev.tokenkeep.database..",
                    "dev.tokenkeep.replica..",
                    "dev.tokenkeep.problem..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "java.sql..");

    @ArchTest
    static final ArchRule nobodyAsksADatabaseThatDoesNotAnswer =
            methods().that().areAnnotatedWith(Transactional.class).should().beAnnotatedWith(AsksDatabase.class);

    @ArchTest
    static final ArchRule rowsStayInTheStore =
            classes().that().areAnnotatedWith(Entity.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tokenkeep.time..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule constructorsInject = fields().should().notBeAnnotatedWith(Inject.class);
}
