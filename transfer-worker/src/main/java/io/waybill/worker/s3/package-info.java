/** The store's side of a transfer, on the AWS SDK; the only package that knows it. */
@NullMarked
package io.waybill.worker.s3;

import org.jspecify.annotations.NullMarked;
