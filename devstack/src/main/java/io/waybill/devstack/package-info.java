/** The product and everything it talks to, on one machine, for trying, developing and testing. It is not shipped. */
@NullMarked
package io.waybill.devstack;

import org.jspecify.annotations.NullMarked;
