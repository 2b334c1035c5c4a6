/**
 * The product and everything that it talks to, on one machine, for trying, developing and testing. This module is not
 * shipped.
 */
@NullMarked
package io.waybill.devstack;

import org.jspecify.annotations.NullMarked;
