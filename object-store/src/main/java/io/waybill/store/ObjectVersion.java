package io.waybill.store;

import org.jspecify.annotations.Nullable;

/**
 * The name of an object or of one version of it. Only the store knows whether it exists.
 *
 * @param key       decoded; hostile input
 * @param versionId null for the store's current version
 */
public record ObjectVersion(String bucket, String key, @Nullable String versionId) {}
