/**
 * Says in words what the rules do: which routes take an object, what a file waits for, what another configuration
 * changes. Every answer is a function of its arguments and of a configuration. It asks the rules of the domain and has
 * none of its own, so that it cannot disagree with what happens.
 */
@NullMarked
package io.waybill.runtime.explain;

import org.jspecify.annotations.NullMarked;
