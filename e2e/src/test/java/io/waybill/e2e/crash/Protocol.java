package io.waybill.e2e.crash;

import io.waybill.worker.delivery.PublishProtocol;

/** How the workers of a run publish. */
enum Protocol {
    /** The product's way. */
    TWO_PHASE,
    COMMIT_AFTER_RENAME;

    PublishProtocol publishing() {
        return switch (this) {
            case TWO_PHASE -> PublishProtocol.TWO_PHASE;
            case COMMIT_AFTER_RENAME -> new CommitAfterRename();
        };
    }
}
