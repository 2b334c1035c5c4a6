package io.waybill.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A resource of Kubernetes as it is written.
 *
 * @param content maps, lists, texts and numbers
 */
record Resource(Map<String, Object> content) {
    /** Reads the documents of a file. */
    static List<Resource> read(String yaml) {
        var all = new ArrayList<Resource>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(yaml)
                .forEach(document -> all.add(new Resource(Tree.map(document))));
        return List.copyOf(all);
    }

    String kind() {
        return Tree.text(content, "kind");
    }

    String name() {
        return Tree.text(content, "metadata", "name");
    }

    /** Kind and name, for a fault. */
    String id() {
        return kind() + "/" + name();
    }

    /** What stands at a path; empty if nothing does. */
    Optional<Object> at(Object... path) {
        return Tree.at(content, path);
    }

    /** The list at a path; empty if nothing does. */
    List<Object> list(Object... path) {
        return Tree.list(content, path);
    }

    /** The map at a path; empty if nothing does. */
    Map<String, Object> map(Object... path) {
        return at(path).map(Tree::map).orElse(Map.of());
    }
}
