package io.waybill.runtime.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The history of a file.
 *
 * @param history its newest moves, oldest first
 */
public record FileHistory(String id, List<MoveAnswer> history) {
    public FileHistory {
        requireNonNull(id, "id");
        history = List.copyOf(history);
    }
}
