/**
 * Results as people read them, or as JSON: a file, a ledger, a server that was tried out. Nothing here asks a server, so a
 * report is tested with values alone.
 */
@NullMarked
package io.waybill.launcher.report;

import org.jspecify.annotations.NullMarked;
