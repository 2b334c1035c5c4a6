package io.waybill.domain;

/**
 * One attempt that a transfer-worker is to make. It carries the route's delivery settings of the moment, so that a
 * worker needs to know destinations only.
 */
public record TransferWork(
        FileId id,
        RouteName route,
        Attempt attempt,
        SourceObject source,
        Target target,
        ConflictPolicy onConflict,
        Proof verify,
        boolean createDirectories) {}
