/**
 * The HTTP interface of the table, as docs/http-api.md tells it. A request about one file is answered by the instance
 * that owns its partition; one about all files is answered from all instances; and whichever is asked finds them.
 */
@NullMarked
package io.waybill.state.http;

import org.jspecify.annotations.NullMarked;
