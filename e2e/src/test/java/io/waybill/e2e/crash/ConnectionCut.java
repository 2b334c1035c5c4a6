package io.waybill.e2e.crash;

import io.waybill.domain.FailureKind;
import io.waybill.domain.TransferException;
import io.waybill.sftp.RemoteFiles;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/** Breaks the connection that a step uses, as the adapter does when it notices a broken one. */
record ConnectionCut(Method step, Optional<RemoteFiles> connection) {
    void doIf(Optional<FaultAction> action) throws TransferException {
        if (action.isEmpty()) {
            return;
        }
        if (action.get() != FaultAction.CUT || !possible(step)) {
            throw new IllegalStateException(action.get() + " makes no sense at " + step);
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
