package io.waybill.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** Who may know whom, where the modules alone do not settle it. */
@AnalyzeClasses(packages = "io.waybill", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule generatedAvroStaysInTheRuntime = noClasses()
            .that()
            .resideOutsideOfPackages("io.waybill.avro..", "io.waybill.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.waybill.avro..")
            .because("the services speak the domain's types; the form of a record on the wire is the runtime's alone");

    @ArchTest
    static final ArchRule sshStaysBehindItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.sftp..",
                    "io.waybill.devstack.servers..",
                    "io.waybill.testkit..",
                    "io.waybill.e2e..",
                    "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.sshd..")
            .because("an upgrade of the SSH library must touch one folder, and transfers are tested without it");

    @ArchTest
    static final ArchRule s3StaysBehindItsAdapters = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.ingest.s3..", "io.waybill.worker.s3..", "io.waybill.launcher.s3..",
                    "io.waybill.devstack.servers..", // S3Proxy speaks in the types of the SDK
                    "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because("an upgrade of the S3 client must touch one folder for each of its users");

    @ArchTest
    static final ArchRule streamsStayInTheServicesOnThem = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.runtime.streams..",
                    "io.waybill.state..",
                    "io.waybill.monitor..",
                    "io.waybill.e2e..",
                    "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..")
            .because("the other services run without Kafka Streams and do not carry it");

    @ArchTest
    static final ArchRule serversStayInTheDevstack = noClasses()
            .that()
            .resideOutsideOfPackages("io.waybill.devstack.servers..", "io.waybill.e2e..", "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("kafka.server..", "kafka.tools..", "org.gaul.s3proxy..")
            .because("the services meet servers only through their protocols");

    @ArchTest
    static final ArchRule theDomainIsPure = classes()
            .that()
            .resideInAPackage("io.waybill.domain..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("io.waybill.domain..", "org.jspecify.annotations..", "java..")
                    .and(resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.sql..").negate()))
            .because("nothing but its arguments may decide what happens to a file");

    @ArchTest
    static final ArchRule theDomainReadsNoClock = noClasses()
            .that()
            .resideInAPackage("io.waybill.domain..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(InstantSource.class)
            .because("the time of an event is part of the event");

    @ArchTest
    static final ArchRule testsStayOutOfTheProduct = noClasses()
            .that()
            .resideOutsideOfPackages("io.waybill.testkit..", "io.waybill.e2e..", "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.waybill.testkit..", "io.waybill.e2e..", "io.waybill.benchmarks..")
            .because("what serves tests may be slow, insecure and simple");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices()
            .matching("io.waybill.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that needs its user cannot be understood, tested or moved without it");
}
