package io.waybill.runtime.thread;

import io.waybill.runtime.text.Reasons;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread beside the one that runs a service. Its service goes on without it, and would look healthy while it does less
 * than it should. So the failure that ends it is logged and kept, and the service's health reports it. Started once; any
 * thread may ask for its fault.
 */
public final class SideThread {
    private static final Logger LOG = LoggerFactory.getLogger(SideThread.class);

    private final String name;
    private final String loss;
    private final Work work;
    private volatile @Nullable Thread thread;
    private volatile @Nullable Throwable failure;

    /** What the thread does. It returns when it was asked to end. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /**
     * @param loss what the service does not do any more if the thread fails, such as "does not follow controls"
     */
    public SideThread(String name, String loss, Work work) {
        this.name = name;
        this.loss = loss;
        this.work = work;
    }

    public void start() {
        thread = Thread.ofPlatform().name(name).start(this::run);
    }

    private void run() {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // An Error too: a thread that ends by one leaves no other trace than the default handler's.
            failure = e;
            LOG.atError().addKeyValue("thread", name).addKeyValue("loss", loss).setCause(e).log(
                    "A thread of a service ended with a failure; restart the process");
        }
    }

    /** What the service does not do any more, and why; empty unless the thread has failed. */
    public Optional<String> fault() {
        return Optional.ofNullable(failure).map(cause -> loss + ": " + Reasons.of(cause));
    }

    /**
     * Waits for the thread's end.
     *
     * @return false if it runs longer; true also if it was never started
     */
    public boolean join(Duration patience) throws InterruptedException {
        Thread started = thread;
        return started == null || started.join(patience);
    }
}
