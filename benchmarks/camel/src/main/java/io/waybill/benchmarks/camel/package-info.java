/**
 * Apache Camel as a peer: routes from S3 to SFTP as its users write them, in a program that is told what to send as the
 * product's engine is.
 */
@NullMarked
package io.waybill.benchmarks.camel;

import org.jspecify.annotations.NullMarked;
