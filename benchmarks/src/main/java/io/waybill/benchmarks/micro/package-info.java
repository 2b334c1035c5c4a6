/**
 * What the pure parts cost, one call at a time, by JMH. A class is a part; each of its methods is measured in JVMs of its
 * own. JMH extends the classes, so they are public and not final; who measures what only its package may call stands in a
 * package of that name.
 */
@NullMarked
package io.waybill.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
