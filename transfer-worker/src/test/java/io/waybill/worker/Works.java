package io.waybill.worker;

import io.waybill.domain.Attempt;
import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationName;
import io.waybill.domain.FileId;
import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import io.waybill.domain.RouteName;
import io.waybill.domain.SourceObject;
import io.waybill.domain.Target;
import io.waybill.domain.TransferWork;
import java.time.Instant;

/** Work to be done, for tests: delivers {@link FakeStore} objects to the destination "acme". */
final class Works {
    private static final RouteName ROUTE = new RouteName("invoices");

    private Works() {}

    static TransferWork deliver(SourceObject object, String path) {
        return deliver(object, path, ConflictPolicy.REPLACE, Proof.SIZE, false);
    }

    static TransferWork deliver(
            SourceObject object, String path, ConflictPolicy onConflict, Proof verify, boolean createDirectories) {
        return new TransferWork(
                FileId.of(ROUTE, object.bucket(), object.key(), object.version()),
                ROUTE,
                Attempt.FIRST,
                object,
                new Target(new DestinationName("acme"), new RemotePath(path)),
                onConflict,
                verify,
                createDirectories);
    }

    static SourceObject object(String key, byte[] content) {
        return new SourceObject("outbound", key, null, "etag-of-" + key, content.length, Instant.EPOCH);
    }
}
