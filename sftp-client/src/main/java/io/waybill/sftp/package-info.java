/**
 * The client side of a destination's server: SFTP version 3 with Apache MINA SSHD. No other package uses the library's
 * client.
 *
 * <p>The public types are {@link io.waybill.sftp.Connector}, {@link io.waybill.sftp.RemoteFiles} and the values in their
 * signatures. {@link io.waybill.sftp.SftpConnector} opens connections: only pinned host keys, and each way to log in
 * once.
 * {@code SftpSession} is one connection with one SFTP channel; the files of a lane share it. {@code SftpFile} sends writes
 * ahead of their acknowledgements and checks each acknowledgement. Only {@code SftpFailures} translates the errors of
 * servers and of the library into Waybill's failures. {@link io.waybill.sftp.flow.StallWatch} breaks a connection whose server stopped
 * answering.
 */
@NullMarked
package io.waybill.sftp;

import org.jspecify.annotations.NullMarked;
