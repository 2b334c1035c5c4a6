/**
 * The demo: files of a directory go to S3, the product delivers them, and every byte is compared at the other end.
 *
 * <p>{@link io.waybill.devstack.demo.Demo} leads through it. What was delivered is not remembered here but read from the
 * {@code file-state} topic: a file's identity follows from the object that the store has, so that a second run, also
 * after a kill, puts only what the store lacks and waits only for what is not delivered.
 */
@NullMarked
package io.waybill.devstack.demo;

import org.jspecify.annotations.NullMarked;
