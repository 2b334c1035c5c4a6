package io.waybill.domain;

import java.time.Instant;

/** The next instant at which the clock alone moves an open file. */
public record Deadline(DeadlineKind kind, Instant at) {}
