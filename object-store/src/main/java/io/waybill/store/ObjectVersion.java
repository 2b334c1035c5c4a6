package io.waybill.store;

import org.jspecify.annotations.Nullable;

/**
 * An object, or one version of it, that somebody speaks of; whether it is there, the store knows.
 *
 * @param key       decoded; hostile input
 * @param versionId null for the store's current version
 */
public record ObjectVersion(String bucket, String key, @Nullable String versionId) {}
