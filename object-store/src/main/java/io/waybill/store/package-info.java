/**
 * S3, and stores that speak its protocol. {@link io.waybill.store.ObjectStore} opens one of three clients:
 * {@link io.waybill.store.ObjectCatalog} describes and lists, {@link io.waybill.store.ObjectReader} reads,
 * {@link io.waybill.store.ObjectWriter} writes.
 *
 * <p>The AWS SDK stays in this package: none of its types and exceptions leaves it.
 */
@NullMarked
package io.waybill.store;

import org.jspecify.annotations.NullMarked;
