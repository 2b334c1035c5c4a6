/**
 * Hours and days in which nothing may start. Pure functions of an instant: nothing here reads a clock or a file. Every
 * type is immutable, and threads may share it.
 */
@NullMarked
package io.waybill.domain.schedule;

import org.jspecify.annotations.NullMarked;
