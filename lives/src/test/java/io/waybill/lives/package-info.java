/** Lives of files in a world in memory; what may be null says so in words, as in all tests. */
@NullUnmarked
package io.waybill.lives;

import org.jspecify.annotations.NullUnmarked;
