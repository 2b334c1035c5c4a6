package io.waybill.e2e.crash;

import java.util.List;
import java.util.Map;

/**
 * What was seen from outside.
 *
 * @param contents sha256 of what lay under a final name when it appeared there, by the directory event's number
 * @param lying    sha256 of all files that lie under final names at the end, by directory and name
 */
record Seen(List<DirectoryEvent> directoryEvents, Map<Long, String> contents, Map<String, String> lying) {}
