/** What workers say about what they do now. Nothing rests on it: it is for people who look. */
@NullMarked
package io.waybill.domain.live;

import org.jspecify.annotations.NullMarked;
