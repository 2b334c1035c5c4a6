package io.waybill.sftp;

/**
 * A name in a directory.
 *
 * @param name the name without the directory; never "." or ".."
 * @param stat what the listing says about it
 */
public record RemoteEntry(String name, RemoteStat stat) {}
