package io.waybill.launcher.cli.live;

import io.waybill.domain.FileId;
import io.waybill.launcher.client.ApiClient;
import io.waybill.launcher.client.FileIds;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.report.FileView;
import io.waybill.launcher.report.ProgressText;
import io.waybill.launcher.terminal.MovingLine;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.api.FileAnswer;
import io.waybill.runtime.time.Pause;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Waits for the end of a file, and shows meanwhile how far it is. */
public final class FollowedFile {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private FollowedFile() {}

    /** Returns when the file has a final state. */
    public static FileAnswer awaitEnd(ApiClient api, FileId file, Terminal terminal) {
        FileAnswer state = look(api, file);
        if (new FileView(state).terminal()) {
            return state;
        }
        var shown = new AtomicReference<>(ProgressText.of(state));
        try (var line = new MovingLine(terminal, shown::get)) {
            line.start();
            while (!new FileView(state).terminal()) {
                pause();
                state = look(api, file);
                shown.set(ProgressText.of(state));
            }
        }
        return state;
    }

    private static FileAnswer look(ApiClient api, FileId file) {
        return api.file(file).orElseThrow(() -> FileIds.unknown(file));
    }

    private static void pause() {
        try {
            Pause.full().take(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted");
        }
    }
}
