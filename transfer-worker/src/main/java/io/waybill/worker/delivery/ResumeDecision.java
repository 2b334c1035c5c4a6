package io.waybill.worker.delivery;

import io.waybill.domain.FailureKind;
import io.waybill.domain.LedgerMark.Staging;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferException;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig;
import io.waybill.sftp.RemoteFiles;
import io.waybill.sftp.RemoteFiles.Existing;
import io.waybill.sftp.RemoteStat;
import io.waybill.worker.connections.Endpoint;
import io.waybill.worker.partition.OwnershipLostException;
import io.waybill.worker.upload.StagingNames;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether an execution resumes the upload that an earlier execution left, and takes that file over. One thread.
 */
record ResumeDecision(TransferWork work, DestinationConfig destination, RemoteFiles files, Journal journal) {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeDecision.class);

    /**
     * Renames the file that an earlier execution left to the name of this execution.
     *
     * @param renamed called as soon as the file has its new name
     * @return how many of its bytes are safe; 0 if the worker sends the whole file
     */
    long takeOver(RemotePath name, Runnable renamed) throws TransferException, OwnershipLostException {
        Staging left = journal.left().orElse(null);
        if (left == null
                || StagingNames.isAside(left.staging())
                || !left.endpoint().equals(Endpoint.of(destination))) {
            return 0;
        }
        // If a former owner read the mark, the present owner may be working on that file right now.
        journal.proveOwnership();
        if (!renamed(left.staging(), name)) {
            return 0;
        }
        renamed.run();
        if (left.safeBytes() == 0 || !endsAt(name, left.safeBytes()) || !outlivesOpening(name, left.safeBytes())) {
            beginAnew(name);
            return 0;
        }
        LOG.atInfo()
                .addKeyValue("fileId", work.id())
                .addKeyValue("attempt", work.attempt())
                .addKeyValue("bytes", left.safeBytes())
                .log("An upload is resumed");
        return left.safeBytes();
    }

    /** Returns false if the file is gone, or if the server does not let the worker have it. */
    private boolean renamed(RemotePath from, RemotePath to) throws TransferException {
        try {
            files.move(from, to);
            return true;
        } catch (TransferException e) {
            // The state of the connection alone is not enough. Another file may break the connection between this answer
            // and the check, and then a missing upload would end the file for good.
            if (!files.isOpen() && e.kind() != FailureKind.PATH_MISSING) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Whether a file has exactly this many bytes, or was cut to them. A shorter file is never cut: that would lengthen it
     * with zeros, and its size would not show that these are not the sent bytes.
     */
    private boolean endsAt(RemotePath name, long bytes) throws TransferException {
        try {
            long size = sizeOf(name);
            if (size > bytes) {
                // By name. A late request of the earlier execution uses another name, so it cannot cut the file of this
                // one.
                files.truncate(name, bytes);
                size = sizeOf(name);
            }
            return size == bytes;
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Whether a file still has this many bytes after it was opened as the upload will open it. Some servers then empty the
     * file without being asked, and write zeros in place of what is missing before the next write.
     */
    private boolean outlivesOpening(RemotePath name, long bytes) throws TransferException {
        try {
            files.write(name, Existing.KEEP, bytes).close();
            return sizeOf(name) == bytes;
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
            return false;
        }
    }

    /** Negative if the server does not report it. */
    private long sizeOf(RemotePath name) throws TransferException {
        return files.stat(name).map(RemoteStat::size).orElseGet(OptionalLong::empty).orElse(-1);
    }

    /** Removes a file that cannot be resumed. If the server refuses, the worker overwrites the file from its beginning. */
    private void beginAnew(RemotePath name) throws TransferException {
        try {
            var _ = files.remove(name);
        } catch (TransferException e) {
            if (!files.isOpen()) {
                throw e;
            }
        }
    }
}
