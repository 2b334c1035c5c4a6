package io.waybill.launcher.report;

import io.waybill.launcher.terminal.Amounts;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.api.FileAnswer.ProgressAnswer;
import java.time.Duration;

/** How far the delivery of a file is, for people. */
public final class ProgressText {
    private ProgressText() {}

    /** The file's status, and what a worker says about it. */
    public static String of(FileAnswer state) {
        var file = new FileView(state);
        ProgressAnswer progress = state.progress();
        String what = progress == null ? file.outcome() : Terminal.printable(progress.step()) + "  " + of(progress);
        return (file.status() + "  " + what).stripTrailing();
    }

    /** Bytes, rate and the time that is left. */
    static String of(ProgressAnswer progress) {
        String left = left(progress.done(), progress.size(), progress.bytesPerSecond());
        return amount(progress.done(), progress.size())
                + (progress.bytesPerSecond() == 0 ? "" : ", " + rate(progress.bytesPerSecond()))
                + (left.isEmpty() ? "" : ", " + left + " left")
                + "  (" + Terminal.printable(progress.worker()) + ")";
    }

    /** The bytes that are done. */
    static String amount(long done, long size) {
        return Amounts.bytes(done) + " of " + Amounts.bytes(size) + " (" + percent(done, size) + ")";
    }

    static String percent(long done, long size) {
        return (size == 0 ? 100 : (int) (done * 100.0 / size)) + "%";
    }

    static String rate(long bytesPerSecond) {
        return bytesPerSecond == 0 ? "" : Amounts.rate(bytesPerSecond, Duration.ofSeconds(1));
    }

    /** The time that is left at this rate; empty if nobody knows. */
    static String left(long done, long size, long bytesPerSecond) {
        return bytesPerSecond == 0 || done >= size
                ? ""
                : Amounts.age(Duration.ofSeconds((size - done + bytesPerSecond - 1) / bytesPerSecond));
    }
}
