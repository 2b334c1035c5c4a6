/** TLS by the files of the configuration, which may change while the process runs. */
@NullMarked
package io.waybill.runtime.tls;

import org.jspecify.annotations.NullMarked;
