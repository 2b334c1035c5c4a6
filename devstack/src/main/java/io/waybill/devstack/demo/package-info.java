/**
 * The demo. It puts the files of a directory into S3, the product delivers them, and the demo compares every byte at
 * the other end.
 *
 * <p>{@link io.waybill.devstack.demo.Demo} controls it. The demo does not remember which files were delivered. It reads
 * that from the {@code file-state} topic. A file's identity follows from the object in the store. So a second run, also
 * after a kill, puts only the files that the store lacks, and waits only for the files that are not delivered.
 */
@NullMarked
package io.waybill.devstack.demo;

import org.jspecify.annotations.NullMarked;
