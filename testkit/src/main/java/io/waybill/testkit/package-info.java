/**
 * What tests of several modules share: real servers, servers that misbehave, and networks that do.
 *
 * <p>{@link io.waybill.testkit.OpenSshServer} runs the system's own sshd, {@link
 * io.waybill.testkit.ProFtpdServer} its own ProFTPD, {@link io.waybill.testkit.RogueSftpServer} is
 * an in-process server that can be told to do wrong, and {@link io.waybill.testkit.FaultInjectingProxy} delays, stalls and
 * cuts whatever flows through it. Everything listens on loopback only, keeps its files in the directory it was given,
 * and ends what it started when it is closed. No main code may reach this module.
 */
@NullMarked
package io.waybill.testkit;

import org.jspecify.annotations.NullMarked;
