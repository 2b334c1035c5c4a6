/** The bodies of the HTTP API about what is under way now. Tests, the server and its clients share them. */
@NullMarked
package io.waybill.runtime.api.live;

import org.jspecify.annotations.NullMarked;
