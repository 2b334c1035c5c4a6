/** Texts for people, made from what libraries say. This package knows no other of the runtime. */
@NullMarked
package io.waybill.runtime.text;

import org.jspecify.annotations.NullMarked;
