package io.waybill.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The configuration that pods find in their ConfigMap, merged as Waybill merges the files of a directory.
 *
 * @param files the files of the ConfigMap by name
 */
record Settings(Map<String, String> files, Map<String, Object> merged) {
    /** Of the ConfigMap that is mounted at a directory. */
    static Settings of(Manifests manifests, Resource pod, String directory) {
        String volume = pod.list("spec", "template", "spec", "containers", 0, "volumeMounts").stream()
                .filter(mount -> Tree.text(mount, "mountPath").equals(directory))
                .map(mount -> Tree.text(mount, "name"))
                .findFirst()
                .orElse("");
        String map = pod.list("spec", "template", "spec", "volumes").stream()
                .filter(one -> Tree.text(one, "name").equals(volume))
                .map(one -> Tree.text(one, "configMap", "name"))
                .findFirst()
                .orElse("");
        var files = new TreeMap<String, String>();
        manifests.find("ConfigMap", map)
                .ifPresent(found -> found.map("data").forEach((name, text) -> files.put(name, String.valueOf(text))));
        var merged = new LinkedHashMap<String, Object>();
        files.values().forEach(text -> merge(merged, Resource.read(text).getFirst().content()));
        return new Settings(files, merged);
    }

    private static void merge(Map<String, Object> into, Map<String, Object> from) {
        from.forEach((key, value) -> {
            if (into.get(key) instanceof Map<?, ?> present && value instanceof Map<?, ?> more) {
                Map<String, Object> both = Tree.map(present);
                merge(both, Tree.map(more));
                into.put(key, both);
            } else {
                into.put(key, value);
            }
        });
    }

    String text(Object... path) {
        return Tree.text(merged, path);
    }

    /** The text of a key, or its default. */
    String or(String otherwise, Object... path) {
        return Tree.at(merged, path).map(String::valueOf).orElse(otherwise);
    }

    /** The values of a key of each entry of a section, such as the ports of all destinations. */
    List<String> each(String section, String key, String otherwise) {
        return Tree.at(merged, section).map(Tree::map).orElse(Map.of()).values().stream()
                .map(one -> Tree.at(one, key).map(Objects::toString).orElse(otherwise))
                .toList();
    }

    /** Each text that is the name of a file, with its key. */
    Map<String, String> fileReferences() {
        var found = new TreeMap<String, String>();
        walk("", merged, (key, text) -> {
            if (text.startsWith("file:")) {
                found.put(key, text.substring("file:".length()));
            } else if (text.startsWith("/etc/")) {
                found.put(key, text);
            }
        });
        return found;
    }

    private static void walk(String key, Object value, BiConsumer<String, String> visitor) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((name, one) -> walk(key.isEmpty() ? "" + name : key + "." + name, one, visitor));
            case List<?> list -> new ArrayList<>(list).forEach(one -> walk(key, one, visitor));
            case null -> {}
            default -> visitor.accept(key, value.toString());
        }
    }
}
