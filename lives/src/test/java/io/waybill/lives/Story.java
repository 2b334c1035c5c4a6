package io.waybill.lives;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What happened in a life, line by line, for people. Kept only where somebody will read it. */
final class Story {
    /** Staging names are long, and their ends tell them apart. */
    private static final Pattern STAGED =
            Pattern.compile("([a-z2-7]{3})[a-z2-7]{23}(-\\d+\\.\\d+)\\.p\\d+-[0-9a-z]+-[a-z2-7]{5}([a-z2-7]{3})");

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
            String brief = STAGED.matcher(what).replaceAll("$1$2.$3");
            lines.add(String.format("%3d  %s  %-9s %s", lines.size() + 1, time(kernel.now()), who, brief));
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
