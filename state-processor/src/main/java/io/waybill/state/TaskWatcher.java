package io.waybill.state;

import io.waybill.domain.FileState;
import org.apache.kafka.streams.processor.TaskId;

/** Is told by stream threads what happens in this process. Quick, and safe for several threads. */
interface TaskWatcher {
    void opened(TaskId task, Tally tally);

    void closed(TaskId task, Tally tally);

    /** A file has a new state, which may not be committed yet. */
    void moved(FileState after);
}
