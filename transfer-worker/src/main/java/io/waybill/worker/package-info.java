/**
 * Delivers files: consumes {@code transfer-work}, sends each object to its destination and reports what came of it.
 *
 * <p>An attempt goes through <em>stage</em> (upload under a staging name), <em>publish</em> (rename to the final name)
 * and <em>complete</em> (the event with its receipt, committed with the position in one transaction). What it needs of
 * the world it says in its own words: {@link io.waybill.worker.SourceReader} for the store and
 * {@link io.waybill.worker.RemoteFiles} for the destination; {@code .s3} and {@code .sftp} implement them, and no type of
 * their libraries leaves those packages.
 */
@NullMarked
package io.waybill.worker;

import org.jspecify.annotations.NullMarked;
