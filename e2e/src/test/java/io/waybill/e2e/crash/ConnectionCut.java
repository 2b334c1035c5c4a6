package io.waybill.e2e.crash;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/** Breaks the connection that a step uses, as the adapter does when it notices a broken one. */
record Cut(Method step, Optional<RemoteFiles> connection) {
    void doIf(Optional<Deed> deed) throws TransferException {
        if (deed.isEmpty()) {
            return;
        }
        if (deed.get() != Deed.CUT || !possible(step)) {
            throw new IllegalStateException(deed.get() + " makes no sense at " + step);
        }
        connection.ifPresent(RemoteFiles::close);
        throw new TransferException(kind(), "a fault cut the connection at " + step.getName());
    }

    static boolean possible(Method step) {
        return List.of(step.getExceptionTypes()).contains(TransferException.class);
    }

    private FailureKind kind() {
        return switch (step.getName()) {
            case "connect" -> FailureKind.UNREACHABLE;
            case "open" -> FailureKind.SOURCE_UNREACHABLE;
            default -> FailureKind.CONNECTION_LOST;
        };
    }
}
