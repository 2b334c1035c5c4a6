package io.waybill.testkit.kube.scale;

import java.io.IOException;

/** What a ScaledObject asks. */
public interface Trigger extends AutoCloseable {
    /** @throws IOException if there is no answer: then nobody changes anything */
    Reading read() throws IOException, InterruptedException;

    @Override
    void close();
}
