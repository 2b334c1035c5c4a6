package io.waybill.launcher.process;

import io.waybill.runtime.service.Closing;
import java.io.IOException;

/** Closes with a declared type: {@link AutoCloseable} promises none. */
public final class Closings {
    private Closings() {}

    /** Closes all that was added. */
    public static void close(Closing closing) throws IOException {
        try {
            closing.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("not everything was closed cleanly: " + e, e);
        }
    }
}
