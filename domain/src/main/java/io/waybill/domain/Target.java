package io.waybill.domain;

/** Where a file must appear: a path at a destination. */
public record Target(DestinationName destination, RemotePath path) {}
