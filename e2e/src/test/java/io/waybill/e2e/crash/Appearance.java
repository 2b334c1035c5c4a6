package io.waybill.e2e.crash;

import java.util.Optional;

/**
 * A file got its final name.
 *
 * @param version which version of the key; empty if nobody can tell
 * @param putBack whether it had been set aside for a newer one, and was given its name back
 */
record Appearance(DirectoryEvent directoryEvent, Optional<Version> version, boolean putBack) {}
