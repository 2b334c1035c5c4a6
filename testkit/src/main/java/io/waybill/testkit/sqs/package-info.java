/** A server of SQS. Its library is optional: a module that uses it declares it for its tests. */
@NullMarked
package io.waybill.testkit.sqs;

import org.jspecify.annotations.NullMarked;
