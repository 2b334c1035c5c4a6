/** What the controllers of a cluster would do next. Pure functions of what is there. */
@NullMarked
package io.waybill.testkit.kube.plan;

import org.jspecify.annotations.NullMarked;
