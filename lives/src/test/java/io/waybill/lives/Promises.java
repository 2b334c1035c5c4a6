package io.waybill.lives;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.runtime.config.UnknownOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of what is promised, as docs/exactly-once.md has it. The checkers ask it, and know nothing else. */
final class Promises {
    private static final String HEADING = "## What is promised, per server";
    private static final List<String> COLUMNS =
            List.of("promise", "A", "B", "C", "D", "onUnknownOutcome", "onConflict");

    private final Map<Promise, Row> rows;

    private Promises(Map<Promise, Row> rows) {
        this.rows = rows;
    }

    /** Where a promise holds. */
    enum Cell {
        YES,
        /** Only as long as no worker goes on that lost its partition, and no request is done late. */
        ALONE,
        /** Only as long as the server does not crash and lose what it acknowledged. */
        STEADY,
        NO
    }

    private record Row(Map<DestinationClass, Cell> classes, Set<UnknownOutcome> unknown,
            Set<ConflictPolicy> policies) {}

    static Promises read(Path document) {
        try {
            return parse(Files.readString(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the first table behind the heading; throws if it is not as expected. */
    static Promises parse(String document) {
        int heading = document.indexOf(HEADING + "\n");
        if (heading < 0) {
            throw new IllegalArgumentException("there is no section '" + HEADING + "'");
        }
        List<String[]> lines = document.substring(heading)
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .map(Promises::cells)
                .toList();
        if (lines.size() < 3 || !Arrays.asList(lines.getFirst()).equals(COLUMNS)) {
            throw new IllegalArgumentException("the table's columns must be " + COLUMNS);
        }
        Map<Promise, Row> rows = new EnumMap<>(Promise.class);
        lines.stream().skip(2).forEach(line -> {
            if (rows.put(promise(line[0]), row(line)) != null) {
                throw new IllegalArgumentException("the table has two rows of " + line[0]);
            }
        });
        if (rows.size() != Promise.values().length) {
            throw new IllegalArgumentException("the table has rows of " + rows.keySet() + " only");
        }
        return new Promises(rows);
    }

    private static String[] cells(String line) {
        String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
        return Arrays.stream(cells).map(String::strip).toArray(String[]::new);
    }

    private static Promise promise(String cell) {
        String id = cell.split("`", -1)[1];
        return Arrays.stream(Promise.values())
                .filter(promise -> promise.id().equals(id))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("nothing checks the promise " + id));
    }

    private static Row row(String[] line) {
        Map<DestinationClass, Cell> classes = new EnumMap<>(DestinationClass.class);
        for (DestinationClass each : DestinationClass.values()) {
            classes.put(each, Cell.valueOf(line[1 + each.ordinal()].toUpperCase(Locale.ROOT)));
        }
        return new Row(classes, some(line[5], UnknownOutcome.class), some(line[6], ConflictPolicy.class));
    }

    private static <E extends Enum<E>> Set<E> some(String cell, Class<E> kind) {
        return cell.equals("any")
                ? EnumSet.allOf(kind)
                : Arrays.stream(cell.split(", *"))
                        .map(name -> Enum.valueOf(kind, name.replace('-', '_').toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet());
    }

    /**
     * Whether a promise is given in a life.
     *
     * @param alone  whether nobody of the past went on, and the server did nothing late
     * @param steady whether the server kept what it acknowledged
     */
    boolean given(Promise promise, Plan.Settings settings, boolean alone, boolean steady) {
        Row row = rows.get(promise);
        Cell cell = row.classes().get(settings.profile().promised());
        return row.unknown().contains(settings.unknown())
                && row.policies().contains(settings.policy())
                && (cell == Cell.YES || cell == Cell.ALONE && alone || cell == Cell.STEADY && steady);
    }
}
