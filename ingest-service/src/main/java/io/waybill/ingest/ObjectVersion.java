package io.waybill.ingest;

import org.jspecify.annotations.Nullable;

/**
 * The object, or the version of it, that a notification speaks of.
 *
 * @param key       decoded; hostile input
 * @param versionId null where the notification gives none that names one version; the store's current version then
 */
public record ObjectVersion(String bucket, String key, @Nullable String versionId) {}
