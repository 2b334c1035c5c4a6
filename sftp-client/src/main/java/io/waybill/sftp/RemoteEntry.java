package io.waybill.sftp;

/**
 * A name in a directory.
 *
 * @param name the name without the directory; a {@link io.waybill.domain.RemotePath} may end with it
 * @param stat what the listing says about it
 */
public record RemoteEntry(String name, RemoteStat stat) {}
