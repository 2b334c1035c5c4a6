package io.waybill.sftp;

/**
 * What this worker's connections to one server of a destination share.
 *
 * @param findings what the server was found to do and not to do
 * @param limit    how much may be sent to the destination
 */
record KnownDestination(ServerFindings findings, RateLimit limit) {}
