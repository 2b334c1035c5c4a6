/**
 * A destination's server over SFTP version 3, on Apache MINA SSHD; the only package that knows the library's client.
 *
 * <p>The public face is {@link io.waybill.sftp.Connector}, {@link io.waybill.sftp.RemoteFiles} and the values in their
 * signatures. {@link io.waybill.sftp.SftpConnector} makes connections: pinned host keys only, one way to log in, one try.
 * {@code SftpSession} is one connection with one SFTP channel, shared by the files of a lane. {@code SftpFile} sends
 * writes ahead of their acknowledgements and checks each of them. {@code SftpFailures} alone turns what servers and
 * library throw into the product's failures. {@code StallWatch} breaks a connection whose server stopped answering.
 */
@NullMarked
package io.waybill.sftp;

import org.jspecify.annotations.NullMarked;
