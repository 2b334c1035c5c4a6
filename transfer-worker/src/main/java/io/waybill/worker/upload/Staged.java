package io.waybill.worker.upload;

import io.waybill.domain.Proof;
import io.waybill.domain.RemotePath;
import java.util.OptionalLong;

/**
 * A file that is whole at its destination, and has not got its final name yet.
 *
 * @param name     where it lies; the final name itself where the server cannot rename
 * @param bytes    size
 * @param sha256   lower-case hexadecimal digest of what was sent
 * @param proof    how the destination confirmed it
 * @param modified when the server says it was written, in seconds since 1970; empty where it does not tell
 */
public record Staged(RemotePath name, long bytes, String sha256, Proof proof, OptionalLong modified) {}
