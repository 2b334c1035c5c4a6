/**
 * Races between the product's engine and the tools that people use instead: each sends the same files to the same server
 * in turn, round by round, and a figure is the median of the rounds' ratios. A contestant is a command, which pays for its
 * start every time, or a JVM that stays, as the product's does.
 */
@NullMarked
package io.waybill.benchmarks.transfer;

import org.jspecify.annotations.NullMarked;
