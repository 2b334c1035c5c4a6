package io.waybill.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a benchmark was told.
 *
 * @param files  how many, where a benchmark's figures depend on it; 0 for what it takes by itself
 * @param rounds how many times; 0 for what it takes by itself
 * @param only   the parts to run; empty for all
 * @param whole  whether contestants whose time is known to grow in proportion do all the work nevertheless
 */
public record Options(String name, long files, int rounds, Set<String> only, boolean whole, boolean json) {
    private static final String NUMBER = "[1-9][0-9]{0,8}";

    /** Reads the words of a command; empty if they are not right. */
    static Optional<Options> parse(List<String> words) {
        List<String> names = new ArrayList<>();
        long files = 0;
        int rounds = 0;
        Set<String> only = Set.of();
        boolean whole = false;
        boolean json = false;
        var rest = words.iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--json" -> json = true;
                case "--whole" -> whole = true;
                case "--files", "--rounds", "--only" -> {
                    String value = rest.hasNext() ? rest.next() : "";
                    boolean number = !word.equals("--only");
                    if (value.isEmpty() || number && !value.matches(NUMBER)) {
                        return Optional.empty();
                    }
                    if (word.equals("--files")) {
                        files = Long.parseLong(value);
                    } else if (word.equals("--rounds")) {
                        rounds = Integer.parseInt(value);
                    } else {
                        only = Set.copyOf(List.of(value.split(",")));
                    }
                }
                default -> names.add(word);
            }
        }
        return names.size() == 1
                ? Optional.of(new Options(names.getFirst(), files, rounds, only, whole, json))
                : Optional.empty();
    }
}
