package io.waybill.runtime.api.newer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.waybill.runtime.api.FileAnswer;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of an object that stands at a place, or is on its way there.
 *
 * @param file null, and left out, if there is none that is newer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewerAnswer(@Nullable FileAnswer file) {}
