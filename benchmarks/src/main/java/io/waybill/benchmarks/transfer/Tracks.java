package io.waybill.benchmarks.transfer;

import io.waybill.benchmarks.Figures;
import io.waybill.testkit.FaultInjectingProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The races there are: who takes part with which files, over which distance. */
final class Tracks {
    private static final int BIG_BYTES = 1 << 30;
    private static final int SMALL_BYTES = 10 << 10;
    private static final int WARM_UPS = 3;
    /** Reading ten thousand objects goes on to become faster for so many runs, Camel's as ours. */
    private static final int SMALL_WARM_UPS = 6;
    /** All of the product is many times as much code as its engine. */
    private static final int END_WARM_UPS = 8;
    private static final int CONNECTIONS = Pipeline.CONNECTIONS;
    private static final int IN_FLIGHT = Pipeline.IN_FLIGHT;
    private static final int CAMEL_CONNECTIONS = 8;
    private static final String WAYBILL = "waybill";
    private static final String OPENSSH = "openssh";

    private final Venue venue;
    private final int rounds;
    private final boolean whole;
    private final Figures figures;

    /**
     * @param whole   whether nobody does a part of the work in place of all of it
     * @param figures takes what comes out
     */
    Tracks(Venue venue, int rounds, boolean whole, Figures figures) {
        this.venue = venue;
        this.rounds = rounds;
        this.whole = whole;
        this.figures = figures;
    }

    /** One file of 1 GiB. */
    Race big() throws IOException, InterruptedException {
        Workload file = venue.workload("big", 1, BIG_BYTES);
        var race = new Race("big: 1 file of 1 GiB, loopback", venue.near());
        race.enter(venue.engine(1, IN_FLIGHT), file);
        race.enter(venue.engineFromStore(file, 1, IN_FLIGHT), file);
        enterPrograms(race, file);
        enter(race, venue.camel(file, 1), file);
        race.run(WARM_UPS, rounds);
        tellAll("big", race);
        return race;
    }

    /** Ten thousand files of 10 KiB. */
    Race small() throws IOException, InterruptedException {
        Workload files = venue.workload("small", 10_000, SMALL_BYTES);
        var race = new Race("small: 10,000 files of 10 KiB, loopback", venue.near());
        race.enter(venue.engine(CONNECTIONS, IN_FLIGHT), files);
        race.enter(venue.engineFromStore(files, CONNECTIONS, IN_FLIGHT), files);
        enterPrograms(race, files);
        enter(race, venue.camel(files, CAMEL_CONNECTIONS), files);
        race.run(SMALL_WARM_UPS, rounds);
        tellAll("small", race);
        return race;
    }

    private void enterPrograms(Race race, Workload workload) {
        for (String name : List.of(OPENSSH, "rclone", "lftp")) {
            enter(race, venue.program(name), workload);
        }
    }

    private static void enter(Race race, Optional<Contestant> contestant, Workload workload) {
        contestant.ifPresent(present -> race.enter(present, workload));
    }

    private void tellAll(String part, Race race) {
        tell(part + "_openssh", race, WAYBILL, OPENSSH);
        tell(part + "_rclone", race, WAYBILL, "rclone");
        tell(part + "_lftp", race, WAYBILL, "lftp");
        // Both read from the store.
        tell(part + "_camel", race, "waybill-s3", "camel");
    }

    /**
     * One file of 1 GiB over a distance.
     *
     * @param roundTripMillis from a request to its answer
     */
    Race far(int roundTripMillis) throws IOException, InterruptedException {
        Workload file = venue.workload("big", 1, BIG_BYTES);
        // What is in flight is bounded, so the time grows in proportion, and at this distance it is long.
        int factor = whole || roundTripMillis < 50 ? 1 : 4;
        Workload part = factor == 1 ? file : venue.workload("part", 1, BIG_BYTES / factor);
        try (var network = FaultInjectingProxy.to(venue.server().port(), Duration.ofMillis(roundTripMillis))) {
            Endpoint endpoint = Endpoint.of(venue.server(), network.port());
            var race = new Race(
                    "far%d: 1 file of 1 GiB, round trip %d ms%s".formatted(
                            roundTripMillis, roundTripMillis, partly(factor)),
                    endpoint);
            race.enter(venue.engine(CONNECTIONS, IN_FLIGHT), file);
            enterPart(race, venue.program(OPENSSH), part, factor, endpoint);
            race.run(1, rounds);
            tell("far" + roundTripMillis + "_openssh", race, WAYBILL, OPENSSH);
            return race;
        }
    }

    /** A thousand files of 10 KiB over 100 ms. */
    Race farSmall() throws IOException, InterruptedException {
        Workload files = venue.workload("farsmall", 1_000, SMALL_BYTES);
        // One file after the other, each for the same number of round trips.
        int factor = whole ? 1 : 20;
        Workload part = factor == 1 ? files : venue.workload("farpart", files.files() / factor, SMALL_BYTES);
        try (var network = FaultInjectingProxy.to(venue.server().port(), Duration.ofMillis(100))) {
            Endpoint endpoint = Endpoint.of(venue.server(), network.port());
            var race = new Race(
                    "farsmall: 1,000 files of 10 KiB, round trip 100 ms" + partly(factor), endpoint);
            race.enter(venue.engine(CONNECTIONS, IN_FLIGHT), files);
            enterPart(race, venue.program(OPENSSH), part, factor, endpoint);
            enter(race, venue.program("rclone"), files);
            race.run(1, rounds);
            tell("farsmall_openssh", race, WAYBILL, OPENSSH);
            tell("farsmall_rclone", race, WAYBILL, "rclone");
            return race;
        }
    }

    /** Ten thousand files of 10 KiB through all of the product, beside its engine alone. */
    Race end() throws IOException, InterruptedException {
        Workload files = venue.workload("end", 10_000, SMALL_BYTES);
        Contestant engine = venue.engineFromStore(files, Pipeline.CONNECTIONS, Pipeline.IN_FLIGHT);
        var race = new Race("end: 10,000 files of 10 KiB, loopback", venue.near());
        try (var pipeline = Pipeline.start(
                venue.scratch().resolve("end"),
                files.name(),
                venue.near(),
                Map.of("s3.endpoint", venue.store(files)));
                var endToEnd = new EndToEnd(pipeline)) {
            race.enter(endToEnd, files);
            race.enter(engine, files);
            race.run(END_WARM_UPS, rounds);
        }
        tell("end_to_end", race, EndToEnd.NAME, engine.name());
        return race;
    }

    private static String partly(int factor) {
        return factor == 1 ? "" : "; openssh sends a part, and its time behind its start is multiplied by " + factor;
    }

    private void enterPart(Race race, Optional<Contestant> contestant, Workload part, int factor, Endpoint endpoint)
            throws IOException, InterruptedException {
        if (contestant.isPresent()) {
            double start = factor == 1 ? 0 : startSeconds(contestant.get(), endpoint);
            race.enter(contestant.get(), part, factor, start);
        }
    }

    /** How long one byte takes, which is all start. */
    private double startSeconds(Contestant contestant, Endpoint endpoint) throws IOException, InterruptedException {
        Workload byteAlone = venue.workload("start", 1, 1);
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try {
                seconds.add(contestant.send(byteAlone, endpoint).seconds());
            } catch (ContestantFailedException e) {
                System.out.printf("  %s FAILED to start: %s%n", contestant.name(), e.getMessage());
            }
        }
        return seconds.isEmpty() ? 0 : Median.of(seconds);
    }

    private void tell(String figure, Race race, String ours, String peer) {
        race.ratio(ours, peer)
                .ifPresent(ratio -> figures.add(figure, ratio, "ratio, " + ours + " over " + peer));
    }
}
