/** The bodies of the HTTP API about versions of an object. Tests, the server and its clients share them. */
@NullMarked
package io.waybill.runtime.api.newer;

import org.jspecify.annotations.NullMarked;
