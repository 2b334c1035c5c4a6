/**
 * Reads the files with which a destination's user proves who he is: private keys and certificates. Nothing here knows a
 * connection.
 */
@NullMarked
package io.waybill.sftp.keys;

import org.jspecify.annotations.NullMarked;
