/**
 * The command line of the product, and the embedded stack that runs broker, object store, SFTP server, registry and all
 * services in one JVM.
 */
@NullMarked
package io.waybill.launcher;

import org.jspecify.annotations.NullMarked;
