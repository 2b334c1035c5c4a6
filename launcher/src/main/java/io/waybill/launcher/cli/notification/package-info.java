/** The commands about notifications of the object store, before they are files. */
@NullMarked
package io.waybill.launcher.cli.notification;

import org.jspecify.annotations.NullMarked;
