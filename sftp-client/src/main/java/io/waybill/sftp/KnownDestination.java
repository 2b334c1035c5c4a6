package io.waybill.sftp;

/**
 * What the connections of this worker to one server of a destination share.
 *
 * @param findings what the server was found to keep and not to keep
 * @param limit    how much may be sent to the destination
 */
record KnownDestination(ServerFindings findings, RateLimit limit) {}
