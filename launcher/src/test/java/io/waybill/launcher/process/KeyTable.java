package io.waybill.launcher.process;

import io.waybill.runtime.config.ConfigurationKeys;
import io.waybill.runtime.config.Key;
import io.waybill.runtime.config.Section;
import io.waybill.runtime.config.SectionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The data of all keys as a list, and as the table of docs/configuration.md. */
final class KeyTable {
    private static final String HEAD = "| key | type | default | meaning |\n|---|---|---|---|\n";

    private KeyTable() {}

    /**
     * A key and where it stands.
     *
     * @param sections from the file down; the names that operators choose are left out
     */
    record Row(List<Section> sections, Key<?> key) {
        /**
         * The key as flags name it.
         *
         * @param chosen the name below {@code destinations} and {@code routes}
         */
        String path(String chosen) {
            return sections.stream().skip(1).map(section -> name(section, chosen) + ".").collect(Collectors.joining())
                    + key.name();
        }

        /** Whether it stands beside the names of its section, and not below one. */
        boolean isBesideNames(Section section) {
            return section.equals(sections.getLast()) && section.own().contains(key);
        }

        boolean isOfRoutes() {
            return sections.stream().anyMatch(section -> section.name().equals("routes"));
        }

        private String name(Section section, String chosen) {
            boolean named = section.kind() == Section.Kind.NAMED && !isBesideNames(section);
            return section.name() + (named ? "." + chosen : "");
        }

        private String line() {
            String more = key.link().isEmpty() ? "" : " [More](" + key.link() + ").";
            return "| `" + path("NAME") + "` | " + key.type().name() + " | " + key.absence() + " | " + key.meaning()
                    + more
                    + " |\n";
        }
    }

    /** Every key, in the order of the data. */
    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        collect(List.of(ConfigurationKeys.root(Services.sections())), rows);
        return rows;
    }

    private static void collect(List<Section> sections, List<Row> rows) {
        sections.getLast().own().forEach(key -> rows.add(new Row(sections, key)));
        for (SectionEntry entry : sections.getLast().entries()) {
            switch (entry) {
                case Key<?> key -> rows.add(new Row(sections, key));
                case Section inner -> {
                    var below = new ArrayList<>(sections);
                    below.add(inner);
                    collect(below, rows);
                }
            }
        }
    }

    /** The table in Markdown; a section that takes any key has a row for those. */
    static String markdown() {
        var table = new StringBuilder(HEAD);
        for (Row row : rows()) {
            table.append(row.line());
            Section section = row.sections().getLast();
            if (section.kind() == Section.Kind.FREE && section.entries().getLast().equals(row.key())) {
                table.append("| `" + section.name() + ".*` | | | " + section.meaning() + " |\n");
            }
        }
        return table.toString();
    }
}
