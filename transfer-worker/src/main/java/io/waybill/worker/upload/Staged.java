package io.waybill.worker.upload;

import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import java.util.OptionalLong;

/**
 * A file that is whole at its destination and does not have its final name yet.
 *
 * @param name     the name of the file; the final name if the server cannot rename
 * @param bytes    size
 * @param sha256   lower-case hexadecimal digest of the bytes that were sent
 * @param proof    how the destination confirmed the file
 * @param modified when the file was written according to the server, in seconds since 1970; empty if the server does not
 *                 report it
 */
public record Staged(RemotePath name, long bytes, String sha256, Proof proof, OptionalLong modified) {}
