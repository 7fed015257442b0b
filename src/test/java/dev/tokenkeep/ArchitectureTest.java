package dev.tokenkeep;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

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

/** The house: data goes one way, and nothing below knows a door. */
@AnalyzeClasses(packages = "dev.tokenkeep", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule arrowsNeverGoUp = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.tokenkeep..")
            .layer("demo")
            .definedBy("dev.tokenkeep.demo..")
            .layer("settings")
            .definedBy("dev.tokenkeep.settings..")
            .layer("rest")
            .definedBy("dev.tokenkeep.rest..")
            .layer("refresh")
            .definedBy("dev.tokenkeep.refresh..")
            .layer("audit")
            .definedBy("dev.tokenkeep.audit..")
            .layer("tokenendpoint")
            .definedBy("dev.tokenkeep.tokenendpoint..")
            .layer("registration")
            .definedBy("dev.tokenkeep.registration..")
            .layer("keyring")
            .definedBy("dev.tokenkeep.keyring..")
            .layer("transit")
            .definedBy("dev.tokenkeep.transit..")
            .layer("session")
            .definedBy("dev.tokenkeep.session..")
            .layer("database")
            .definedBy("dev.tokenkeep.database..")
            .layer("crypto")
            .definedBy("dev.tokenkeep.crypto..")
            .layer("oauth")
            .definedBy("dev.tokenkeep.oauth..")
            .layer("time")
            .definedBy("dev.tokenkeep.time..")
            .layer("telemetry")
            .definedBy("dev.tokenkeep.telemetry..")
            .layer("root")
            .definedBy("dev.tokenkeep")
            .whereLayer("demo")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("settings")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("settings")
            .mayOnlyAccessLayers("registration", "database")
            .whereLayer("rest")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("refresh")
            .mayOnlyBeAccessedByLayers("rest", "demo")
            .whereLayer("audit")
            .mayOnlyBeAccessedByLayers("rest", "refresh")
            .whereLayer("tokenendpoint")
            .mayOnlyBeAccessedByLayers("refresh", "rest")
            .whereLayer("registration")
            .mayOnlyBeAccessedByLayers("tokenendpoint", "refresh", "rest", "keyring", "transit", "settings")
            .whereLayer("keyring")
            .mayOnlyBeAccessedByLayers("rest")
            .whereLayer("transit")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("refresh", "keyring", "rest", "audit", "demo")
            .whereLayer("database")
            .mayOnlyBeAccessedByLayers("session", "refresh", "keyring", "audit", "rest", "settings")
            .whereLayer("crypto")
            .mayOnlyBeAccessedByLayers("session", "refresh", "keyring", "transit", "rest")
            .whereLayer("oauth")
            .mayNotAccessAnyLayer()
            .whereLayer("time")
            .mayNotAccessAnyLayer()
            .whereLayer("telemetry")
            .mayNotAccessAnyLayer()
            .whereLayer("root")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.tokenkeep.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesTellWhatAThingIs =
            noClasses().should().haveNameMatching(".*(Impl|Utils?|Manager|Helper|Dto|Base)");

    @ArchTest
    static final ArchRule onlyTheStoreSpeaksSql = noClasses()
            .that()
            .resideOutsideOfPackages("dev.tokenkeep.session..", "dev.tokenkeep.database..", "dev.tokenkeep.rest..")
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
