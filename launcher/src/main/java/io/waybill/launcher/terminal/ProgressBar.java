package io.waybill.launcher.terminal;

/** A bar of a given width. */
public final class ProgressBar {
    private static final String PARTS = " ▏▎▍▌▋▊▉";

    private ProgressBar() {}

    /**
     * @param done  from 0 to 1; a value outside counts as the nearer end
     * @param width of the bar itself; the percentage after it takes five more
     */
    public static String render(double done, int width, Terminal terminal) {
        double share = Math.clamp(done, 0.0, 1.0);
        int eighths = (int) (share * width * 8);
        int full = eighths / 8;
        String part = full < width ? String.valueOf(PARTS.charAt(eighths % 8)) : "";
        String filled = "█".repeat(full) + part;
        String rest = " ".repeat(width - full - part.length());
        return "▕" + terminal.green(filled) + rest + "▏" + "%3d%%".formatted((int) (share * 100));
    }
}
