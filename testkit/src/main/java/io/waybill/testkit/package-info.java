/**
 * Servers, clocks and checkers that the tests of several modules share. Main code never reaches this package.
 */
@NullMarked
package io.waybill.testkit;

import org.jspecify.annotations.NullMarked;
