/**
 * What bounds a connection: the time for which a server may answer nothing, the bytes a second that it may get, and the
 * memory for what the network has not taken yet. Nothing here knows the protocol.
 */
@NullMarked
package io.waybill.sftp.flow;

import org.jspecify.annotations.NullMarked;
