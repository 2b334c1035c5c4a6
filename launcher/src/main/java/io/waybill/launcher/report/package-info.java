/**
 * Results for people or as JSON: a file, a ledger, a probed server. Nothing here asks a server, so a test of a report
 * needs only values.
 */
@NullMarked
package io.waybill.launcher.report;

import org.jspecify.annotations.NullMarked;
