/**
 * The HTTP interface of the table; docs/http-api.md explains it. The instance that owns a file's partition answers a
 * request about that file. All instances together answer a request about all files. The instance that gets a request
 * finds the others.
 */
@NullMarked
package io.waybill.state.http;

import org.jspecify.annotations.NullMarked;
