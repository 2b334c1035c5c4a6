/**
 * Runs the whole product and checks its promises while parts of it are killed.
 */
@NullMarked
package io.waybill.e2e;

import org.jspecify.annotations.NullMarked;
