/**
 * What the embedded S3 store needs besides S3Proxy: a front that verifies requests as S3 does, the rules for keys that a
 * folder can hold, and an eye on the disk.
 */
@NullMarked
package io.waybill.devstack.servers.s3;

import org.jspecify.annotations.NullMarked;
