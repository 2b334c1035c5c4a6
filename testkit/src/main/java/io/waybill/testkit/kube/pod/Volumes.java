package io.waybill.testkit.kube.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.testkit.kube.manifest.Manifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The volumes of one pod. What a pod owns lies below its directory and goes with it; claims lie elsewhere and stay. One
 * thread at a time.
 */
final class Volumes {
    /** Octal texts, which YAML's newer rules read as decimal numbers. */
    private static final Set<Integer> OCTAL_TEXTS = Set.of(400, 440, 444, 600, 640, 644);
    private static final int USUAL_MODE = 0644;

    private final Path directory;
    private final Map<String, String> fields;
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final Map<String, KeyedFolder> keyed = new HashMap<>();
    private final Map<String, JsonNode> specs = new LinkedHashMap<>();

    /**
     * @param claims of a StatefulSet: where each claim of the template lies
     */
    Volumes(Path directory, PodTemplate template, Map<String, Path> claims, Map<String, String> fields)
            throws IOException {
        this.directory = directory;
        this.fields = fields;
        for (var claim : claims.entrySet()) {
            folders.put(claim.getKey(), Files.createDirectories(claim.getValue()));
        }
        for (JsonNode volume : template.spec().path("volumes")) {
            specs.put(volume.path("name").asText(), volume);
        }
    }

    /** Makes them, or shows in them what changed in ConfigMaps and Secrets. */
    void show(Manifests manifests) throws IOException {
        for (var volume : specs.entrySet()) {
            Path folder = directory.resolve(volume.getKey());
            JsonNode spec = volume.getValue();
            if (spec.has("emptyDir")) {
                folders.put(volume.getKey(), Files.createDirectories(folder));
            } else {
                var contents = contents(spec, manifests);
                if (!keyed.containsKey(volume.getKey())) {
                    keyed.put(volume.getKey(), new KeyedFolder(folder));
                }
                KeyedFolder shown = keyed.get(volume.getKey());
                shown.show(contents, mode(spec));
                folders.put(volume.getKey(), shown.folder());
            }
        }
    }

    private Map<String, byte[]> contents(JsonNode spec, Manifests manifests) {
        if (spec.has("configMap")) {
            return items(spec.path("configMap"), Environment.contents(manifests, "ConfigMap", spec.path("configMap")));
        }
        if (spec.has("secret")) {
            return items(spec.path("secret"), Environment.contents(manifests, "Secret", spec.path("secret")));
        }
        if (spec.has("downwardAPI")) {
            return fields(spec.path("downwardAPI"));
        }
        if (spec.has("projected")) {
            var all = new TreeMap<String, byte[]>();
            spec.at("/projected/sources").forEach(source -> all.putAll(contents(source, manifests)));
            return all;
        }
        throw new IllegalArgumentException("nobody here plays the volume " + spec);
    }

    private static Map<String, byte[]> items(JsonNode source, Map<String, byte[]> contents) {
        if (!source.has("items")) {
            return contents;
        }
        var chosen = new TreeMap<String, byte[]>();
        for (JsonNode item : source.path("items")) {
            byte[] content = contents.get(item.path("key").asText());
            if (content == null) {
                throw new IllegalArgumentException(
                        "a volume names the key " + item.path("key") + ", which is not there");
            }
            chosen.put(item.path("path").asText(), content);
        }
        return chosen;
    }

    private Map<String, byte[]> fields(JsonNode source) {
        var shown = new TreeMap<String, byte[]>();
        for (JsonNode item : source.path("items")) {
            String field = item.at("/fieldRef/fieldPath").asText();
            shown.put(item.path("path").asText(), fields.getOrDefault(field, "").getBytes(StandardCharsets.UTF_8));
        }
        return shown;
    }

    private static int mode(JsonNode spec) {
        int mode = USUAL_MODE;
        for (String kind : new String[] {"configMap", "secret", "projected", "downwardAPI"}) {
            mode = spec.path(kind).path("defaultMode").asInt(mode);
        }
        return OCTAL_TEXTS.contains(mode) ? Integer.parseInt(Integer.toString(mode), 8) : mode;
    }

    /** What a container mounts of them. */
    List<Mount> mounts(JsonNode container) {
        var mounts = new ArrayList<Mount>();
        for (JsonNode mount : container.path("volumeMounts")) {
            String name = mount.path("name").asText();
            Path folder = folders.get(name);
            if (folder == null) {
                throw new IllegalArgumentException("a container mounts the volume " + name + ", which is not there");
            }
            boolean readOnly = mount.path("readOnly").asBoolean() || keyed.containsKey(name);
            String below = mount.path("subPath").asText("");
            mounts.add(new Mount(folder.resolve(below), mount.path("mountPath").asText(), readOnly));
        }
        return mounts;
    }

    /** Deletes what ends with the pod. */
    void delete() throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }
}
