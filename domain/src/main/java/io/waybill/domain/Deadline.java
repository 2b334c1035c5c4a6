package io.waybill.domain;

import java.time.Instant;

/** The next instant at which an open file moves by the clock alone. */
public record Deadline(DeadlineKind kind, Instant at) {}
