/** What each service may do in a Kafka cluster: the least that it needs. Access lists and checks come from it. */
@NullMarked
package io.waybill.runtime.rights;

import org.jspecify.annotations.NullMarked;
