package io.waybill.e2e.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * OpenSSH's plain RENAME is a link and an unlink, so that the kernel tells of a new name, and then of the old one's end.
 * This tells of them as of the rename that they are.
 *
 * @param contents sha256 of what lay under a final name when it appeared there, by the sighting's number
 */
record LinkedRenames(Versions versions, Map<Long, String> contents) {
    /** What was seen, with a rename for each link to a final name; where the old name is not watched, it is not known. */
    List<Sighting> told(List<Sighting> sightings) {
        var told = new ArrayList<Sighting>(sightings);
        for (int i = 0; i < sightings.size(); i++) {
            Sighting one = sightings.get(i);
            if (isLink(one)) {
                Optional<String> from = oldName(one, sightings.subList(i + 1, sightings.size()));
                told.set(i, new Sighting(
                        one.number(), Sighting.Kind.MOVED_TO, one.directory(), one.name(), from));
            }
        }
        return told;
    }

    private static boolean isLink(Sighting one) {
        return one.isFinal() && one.kind() == Sighting.Kind.CREATE;
    }

    private Optional<String> oldName(Sighting link, List<Sighting> after) {
        return after.stream()
                .takeWhile(one -> !(isLink(one) && one.key().equals(link.key())))
                .filter(one -> one.kind() == Sighting.Kind.DELETE)
                .filter(one -> one.directory().startsWith(link.directory() + "/"))
                .map(Sighting::name)
                .filter(name -> fits(link, name))
                .findFirst();
    }

    /** Whether a file could get this final name from that old one. */
    private boolean fits(Sighting link, String name) {
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
