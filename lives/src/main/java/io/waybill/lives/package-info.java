/** Lives of files in a world in memory. All of it is test code; what may be null there says so in words. */
@NullUnmarked
package io.waybill.lives;

import org.jspecify.annotations.NullUnmarked;
