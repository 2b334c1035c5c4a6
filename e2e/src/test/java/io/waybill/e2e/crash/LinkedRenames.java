package io.waybill.e2e.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenSSH's plain RENAME is a link and an unlink, so that the kernel tells of a new name, and then of the old one's end.
 * This tells of them as of the rename that they are.
 *
 * @param contents sha256 of what lay under a final name when it appeared there, by the directory event's number
 */
record LinkedRenames(Versions versions, Map<Long, String> contents) {
    /** What was seen, with a rename for each link to a final name; where the old name is not watched, it is not known. */
    List<DirectoryEvent> told(List<DirectoryEvent> directoryEvents) {
        var told = new ArrayList<DirectoryEvent>(directoryEvents);
        for (int i = 0; i < directoryEvents.size(); i++) {
            DirectoryEvent one = directoryEvents.get(i);
            if (isLink(one)) {
                Optional<String> from = oldName(one, directoryEvents.subList(i + 1, directoryEvents.size()));
                told.set(i, new DirectoryEvent(
                        one.number(), DirectoryEvent.Kind.MOVED_TO, one.directory(), one.name(), from));
            }
        }
        return told;
    }

    private static boolean isLink(DirectoryEvent one) {
        return one.isFinal() && one.kind() == DirectoryEvent.Kind.CREATE;
    }

    private Optional<String> oldName(DirectoryEvent link, List<DirectoryEvent> after) {
        return after.stream()
                .takeWhile(one -> !(isLink(one) && one.key().equals(link.key())))
                .filter(one -> one.kind() == DirectoryEvent.Kind.DELETE)
                .filter(one -> one.directory().startsWith(link.directory() + "/"))
                .map(DirectoryEvent::name)
                .filter(name -> fits(link, name))
                .findFirst();
    }

    /** Whether a file could get this final name from that old one. */
    private boolean fits(DirectoryEvent link, String name) {
        Optional<Version> version = Execution.fileId(name).flatMap(versions::ofFile);
        List<Version> all = versions.of(link.key());
        String content = contents.getOrDefault(link.number(), Partner.VANISHED);
        boolean same = content.equals(Partner.VANISHED)
                || version.map(Version::sha256).filter(content::equals).isPresent();
        boolean withdrawn = Execution.of(name).map(Execution::withdrawn).orElse(false);
        // What was set aside bears the id of the newer one.
        return !withdrawn && version.filter(all::contains).isPresent() && (Execution.isAside(name) || same);
    }
}
