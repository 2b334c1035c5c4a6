package io.waybill.e2e.crash;

import java.util.List;

/**
 * A promise that was broken.
 *
 * @param file    whose
 * @param history all that was seen of that file
 */
record Violation(String promise, String file, String fault, List<String> history) {
    @Override
    public String toString() {
        return promise + ": " + file + ": " + fault + history.stream().map(line -> "\n    " + line)
                .reduce("", String::concat);
    }
}
