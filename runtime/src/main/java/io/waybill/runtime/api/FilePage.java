package io.waybill.runtime.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files in the order of their ids.
 *
 * @param files  at most as many as the request asked for; there may be fewer, or none, and still a next page
 * @param cursor asks for the next page; null, and null in JSON, at the end
 */
public record FilePage(List<FileAnswer> files, @Nullable String cursor) {
    public FilePage {
        files = List.copyOf(files);
    }
}
