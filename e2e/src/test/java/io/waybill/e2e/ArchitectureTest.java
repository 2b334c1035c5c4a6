package io.waybill.e2e;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.waybill.sftp.SftpConnector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

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
    static final ArchRule sshStaysInItsClientAndInServers = noClasses()
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
    static final ArchRule sshClientsAreMadeInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.waybill.sftp..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.sshd.client..", "org.apache.sshd.sftp.client..")
            .because("host keys are pinned, and failures are told apart, by one client for all");

    @ArchTest
    static final ArchRule theSftpClientShowsNoLibrary = noClasses()
            .that()
            .resideInAPackage("io.waybill.sftp..")
            .and()
            .arePublic()
            .and()
            .doNotBelongToAnyOf(SftpConnector.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.sshd..")
            .because("whoever uses the port, or stands in for it in a test, meets no type of the library");

    @ArchTest
    static final ArchRule theSftpClientServesEverybody = noClasses()
            .that()
            .resideInAPackage("io.waybill.sftp..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.waybill..")
                    .and(resideOutsideOfPackages(
                            "io.waybill.sftp..",
                            "io.waybill.domain..",
                            "io.waybill.runtime.config..",
                            "io.waybill.runtime.memory..",
                            "io.waybill.runtime.pem..",
                            "io.waybill.runtime.time..")))
            .because("services and the command line use it alike, so it knows no service, no topic and no Kafka");

    @ArchTest
    static final ArchRule s3StaysInTheObjectStore = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.store..",
                    "io.waybill.devstack.servers..", // S3Proxy speaks in the types of the SDK
                    "io.waybill.benchmarks.camel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..")
            .because(
                    "regions, time-outs and refusals of a store are to be the same for all, so one module alone knows them");

    @ArchTest
    static final ArchRule theObjectStoreStandsBelowTheServices = classes()
            .that()
            .resideInAPackage("io.waybill.store..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.waybill.store..",
                    "io.waybill.domain..",
                    "io.waybill.runtime.config..",
                    "org.jspecify.annotations..",
                    "software.amazon.awssdk..",
                    "java..",
                    // The HMAC of a mark of an origin.
                    "javax.crypto.."))
            .because("every service and the command line use the store, and none of them may come with it");

    @ArchTest
    static final ArchRule answersComeInTimeOrNotAtAll = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.runtime.call..",
                    "io.waybill.devstack..",
                    "io.waybill.testkit..",
                    "io.waybill.benchmarks..")
            .should()
            .callMethod(HttpClient.class, "send", HttpRequest.class, BodyHandler.class)
            .orShould()
            .callMethod(HttpClient.class, "sendAsync", HttpRequest.class, BodyHandler.class)
            .because("the time-out of a request ends with the headers, so a server could keep a thread for ever");

    @ArchTest
    static final ArchRule streamsStayInTheServicesOnThem = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.runtime.streams..",
                    "io.waybill.state..",
                    "io.waybill.monitor..",
                    "io.waybill.audit..",
                    "io.waybill.e2e..",
                    "io.waybill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams..")
            .because("the other services run without Kafka Streams and do not carry it");

    @ArchTest
    static final ArchRule serversStayInTheDevstack = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.waybill.devstack.servers..",
                    "io.waybill.testkit.brokers..",
                    "io.waybill.e2e..",
                    "io.waybill.benchmarks..")
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
    static final ArchRule servicesDoNotKnowEachOther = slices()
            .assignedFrom(new ServicePackages())
            .should()
            .notDependOnEachOther()
            .because("services meet only at topics, so that each of them can be run, scaled and replaced alone");

    @ArchTest
    static final ArchRule commandsKnowNoService = noClasses()
            .that()
            .resideInAPackage("io.waybill.launcher..")
            .and()
            .resideOutsideOfPackage("io.waybill.launcher.process..")
            .should()
            .dependOnClassesThat(ServicePackages.ofAnyService())
            .because("a command asks the API, topics, stores and servers; only what runs the services makes them");

    @ArchTest
    static final ArchRule theWorkersPackagesLookDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.waybill.worker..")
            .layer("wiring")
            .definedBy("io.waybill.worker")
            .layer("delivery")
            .definedBy("io.waybill.worker.delivery..")
            .layer("commit")
            .definedBy("io.waybill.worker.commit..")
            .layer("upload")
            .definedBy("io.waybill.worker.upload..")
            .layer("lanes")
            .definedBy("io.waybill.worker.lanes..")
            .layer("partition")
            .definedBy("io.waybill.worker.partition..")
            .layer("connections")
            .definedBy("io.waybill.worker.connections..")
            .layer("status")
            .definedBy("io.waybill.worker.status..")
            .layer("metrics")
            .definedBy("io.waybill.worker.metrics..")
            .whereLayer("wiring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("delivery")
            .mayOnlyAccessLayers("commit", "upload", "lanes", "partition", "connections", "status", "metrics")
            .whereLayer("commit")
            .mayOnlyAccessLayers("partition", "metrics")
            .whereLayer("upload")
            .mayOnlyAccessLayers("partition", "metrics")
            .whereLayer("lanes")
            .mayNotAccessAnyLayer()
            .whereLayer("partition")
            .mayOnlyAccessLayers("metrics")
            .whereLayer("connections")
            .mayOnlyAccessLayers("metrics")
            .whereLayer("status")
            .mayOnlyAccessLayers("connections", "metrics")
            .whereLayer("metrics")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitectureIgnoring(resideOutsideOfPackage("io.waybill.worker.."))
            .because(
                    "whoever owns a partition, commits or connects is understood without reading how a file is delivered");

    @ArchTest
    static final ArchRule theStateProcessorsPackagesLookDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.waybill.state..")
            .layer("wiring")
            .definedBy("io.waybill.state")
            .layer("http")
            .definedBy("io.waybill.state.http..")
            .layer("live")
            .definedBy("io.waybill.state.live..")
            .layer("newer")
            .definedBy("io.waybill.state.newer..")
            .layer("audit")
            .definedBy("io.waybill.state.audit..")
            .layer("approval")
            .definedBy("io.waybill.state.approval..")
            .layer("write")
            .definedBy("io.waybill.state.write..")
            .layer("query")
            .definedBy("io.waybill.state.query..")
            .layer("table")
            .definedBy("io.waybill.state.table..")
            .layer("index")
            .definedBy("io.waybill.state.index..")
            .whereLayer("wiring")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("http")
            .mayOnlyAccessLayers("query", "table", "index", "audit", "approval", "write")
            .whereLayer("live")
            .mayOnlyAccessLayers("http", "query", "index")
            .whereLayer("newer")
            .mayOnlyAccessLayers("http", "query")
            .whereLayer("audit")
            .mayOnlyAccessLayers("write")
            .whereLayer("approval")
            .mayNotAccessAnyLayer()
            .whereLayer("write")
            .mayNotAccessAnyLayer()
            .whereLayer("query")
            .mayOnlyAccessLayers("table", "index")
            .whereLayer("table")
            .mayOnlyAccessLayers("index")
            .whereLayer("index")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitectureIgnoring(resideOutsideOfPackage("io.waybill.state.."))
            .because("what decides about a file is understood without reading how files are listed, or answered for");

    @ArchTest
    static final ArchRule theLaunchersPackagesLookDown = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.waybill.launcher..")
            .layer("main")
            .definedBy("io.waybill.launcher")
            .layer("commands")
            .definedBy("io.waybill.launcher.cli..")
            .layer("client")
            .definedBy("io.waybill.launcher.client..")
            .layer("report")
            .definedBy("io.waybill.launcher.report..")
            .layer("environment")
            .definedBy("io.waybill.launcher.environment..")
            .layer("process")
            .definedBy("io.waybill.launcher.process..")
            .layer("terminal")
            .definedBy("io.waybill.launcher.terminal..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("commands")
            .mayOnlyAccessLayers("client", "report", "environment", "process", "terminal")
            .whereLayer("client")
            .mayOnlyAccessLayers("environment", "terminal")
            .whereLayer("report")
            .mayOnlyAccessLayers("terminal")
            .whereLayer("environment")
            .mayOnlyAccessLayers("process", "terminal")
            .whereLayer("process")
            .mayNotAccessAnyLayer()
            .whereLayer("terminal")
            .mayNotAccessAnyLayer()
            .ensureAllClassesAreContainedInArchitectureIgnoring(resideOutsideOfPackage("io.waybill.launcher.."))
            .because("what a command prints, and what it asks, is understood and tested without the command");

    @ArchTest
    static final ArchRule packagesStaySmall = all(PackageSizes.packages())
            .should(PackageSizes.haveAtMost(
                    25,
                    Map.of(
                            "io.waybill.domain", 56, // The vocabulary: all of it is used together.
                            "io.waybill.sftp", 50))) // Inner walls were tried on paper; each would cut through a request.
            .because("a newcomer reads the names of a package at one glance, and finds his place by them");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices()
            .matching("io.waybill.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package that needs its user cannot be understood, tested or moved without it");
}
