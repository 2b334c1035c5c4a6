/**
 * What the command line does with an object store: looks, and puts files there. The AWS SDK stays in this package; its
 * exceptions leave it as {@link io.waybill.launcher.s3.StoreException}.
 */
@NullMarked
package io.waybill.launcher.s3;

import org.jspecify.annotations.NullMarked;
