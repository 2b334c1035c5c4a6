package io.waybill.e2e.crash;

import java.util.stream.Stream;

/**
 * Legal: the final name appears by a rename, and the file is whole at that moment.
 * Illegal: the final name is created and written. Illegal: what was renamed is not yet whole.
 */
final class NoPartialFile implements Checker {
    @Override
    public String promise() {
        return "no final name ever shows a partial file";
    }

    @Override
    public Stream<String> faults(FileHistory file) {
        Stream<String> created = file.directoryEvents().stream()
                .filter(DirectoryEvent::isFinal)
                .filter(one -> one.kind() == DirectoryEvent.Kind.CREATE
                        || one.kind() == DirectoryEvent.Kind.CLOSE_WRITE)
                .map(one -> "the final name was created or written, not renamed to: " + one);
        Stream<String> different = file.publishes().stream()
                .filter(publish -> !file.showedItself(publish))
                .map(publish -> "the content was " + file.contentOf(publish) + " at " + publish);
        return Stream.concat(created, different);
    }
}
