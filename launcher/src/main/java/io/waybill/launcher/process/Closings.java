package io.waybill.launcher.process;

import io.waybill.runtime.service.Closing;
import java.io.IOException;

/**
 * Closes and throws only {@link IOException} as a checked exception, because {@link AutoCloseable} promises no narrower
 * type.
 */
public final class Closings {
    private Closings() {}

    /** Closes everything that was added. */
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
