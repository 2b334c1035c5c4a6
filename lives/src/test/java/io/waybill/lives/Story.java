package io.waybill.lives;

import java.util.ArrayList;
import java.util.List;

/** What happened in a life, line by line, for people. Kept only where somebody will read it. */
final class Story {
    private final Kernel kernel;
    private final boolean kept;
    private final List<String> lines = new ArrayList<>();

    Story(Kernel kernel, boolean kept) {
        this.kernel = kernel;
        this.kept = kept;
    }

    boolean kept() {
        return kept;
    }

    void tell(String who, String what) {
        if (kept) {
            lines.add(String.format("%3d  %s  %-9s %s", lines.size() + 1, time(kernel.now()), who, what));
        }
    }

    private static String time(long millis) {
        long seconds = millis / 1000;
        long days = seconds / 86_400;
        return String.format(
                "%3sd %02d:%02d:%02d.%03d", days, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, millis % 1000);
    }

    List<String> lines() {
        return lines;
    }
}
