package io.waybill.launcher.run;

import io.waybill.runtime.service.Closing;
import java.io.IOException;

/** Closes with a declared type: {@link AutoCloseable} promises none. */
final class Closings {
    private Closings() {}

    static void close(Closing closing) throws IOException {
        try {
            closing.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("not everything was closed cleanly: " + e, e);
        }
    }
}
