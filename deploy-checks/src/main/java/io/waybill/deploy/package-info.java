/** Checks of deploy/ without a cluster: types, references, scaling, alerts and edges. */
@NullMarked
package io.waybill.deploy;

import org.jspecify.annotations.NullMarked;
