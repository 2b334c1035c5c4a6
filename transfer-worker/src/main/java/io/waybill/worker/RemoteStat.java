package io.waybill.worker;

import java.util.OptionalLong;

/**
 * What a server says of a file.
 *
 * @param size bytes; empty where the server keeps that to itself
 */
public record RemoteStat(OptionalLong size) {}
