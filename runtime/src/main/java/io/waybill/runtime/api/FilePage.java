package io.waybill.runtime.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files in the order of their ids, or of their arrival.
 *
 * @param files  at most as many as the request asked for; there may be fewer, or none, and still a next page
 * @param cursor asks for the next page; null, and null in JSON, at the end
 * @param total  how many files the filter matches; null if only a search of all files could say
 */
public record FilePage(
        List<FileAnswer> files,
        @Nullable String cursor,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total) {
    /** A page of nobody knows how many files. */
    public FilePage(List<FileAnswer> files, @Nullable String cursor) {
        this(files, cursor, null);
    }

    public FilePage {
        files = List.copyOf(files);
    }
}
