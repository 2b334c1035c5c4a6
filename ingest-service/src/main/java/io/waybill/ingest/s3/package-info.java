/** The object store over the AWS SDK; no type of the SDK leaves this package. */
@NullMarked
package io.waybill.ingest.s3;

import org.jspecify.annotations.NullMarked;
