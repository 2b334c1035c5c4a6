package io.waybill.sftp;

/**
 * What the connections of this worker to one destination share.
 *
 * @param findings what its server was found to keep and not to keep
 * @param limit    how much may be sent to it
 */
record KnownDestination(ServerFindings findings, RateLimit limit) {}
