package io.waybill.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files that a pod finds, each with where it comes from.
 *
 * @param faults what a volume names that does not exist
 */
record MountedFiles(TreeMap<String, String> files, List<String> faults) {
    static MountedFiles of(Manifests manifests, Secrets secrets, Resource pod) {
        var found = new MountedFiles(new TreeMap<>(), new ArrayList<>());
        pod.list("spec", "template", "spec", "containers", 0, "volumeMounts").forEach(mount -> pod
                .list("spec", "template", "spec", "volumes")
                .stream()
                .filter(volume -> Tree.text(volume, "name").equals(Tree.text(mount, "name")))
                .forEach(volume -> found.add(manifests, secrets, pod, volume, Tree.text(mount, "mountPath"))));
        return found;
    }

    private void add(Manifests manifests, Secrets secrets, Resource pod, Object volume, String directory) {
        Tree.at(volume, "configMap").ifPresent(one -> config(manifests, pod, one, directory));
        Tree.at(volume, "secret")
                .ifPresent(one -> secret(manifests, secrets, pod, one, Tree.text(one, "secretName"), directory));
        Tree.list(volume, "projected", "sources").forEach(source -> Tree.at(source, "secret")
                .ifPresent(one -> secret(manifests, secrets, pod, one, Tree.text(one, "name"), directory)));
    }

    private void config(Manifests manifests, Resource pod, Object source, String directory) {
        String name = Tree.text(source, "name");
        Set<String> keys =
                manifests.find("ConfigMap", name).<Set<String>>map(map -> map.map("data").keySet()).orElse(null);
        items(pod, "ConfigMap " + name, keys, source, directory);
    }

    private void secret(
            Manifests manifests, Secrets secrets, Resource pod, Object source, String name, String directory) {
        items(pod, "Secret " + name, secrets.of(manifests, name).orElse(null), source, directory);
    }

    private void items(Resource pod, String origin, Set<String> keys, Object source, String directory) {
        if (keys == null) {
            faults.add(pod.id() + ": there is no " + origin);
            return;
        }
        List<Object> items = Tree.list(source, "items");
        if (items.isEmpty()) {
            new TreeSet<>(keys).forEach(key -> put(pod, directory + "/" + key, origin));
        }
        for (Object item : items) {
            if (!keys.contains(Tree.text(item, "key"))) {
                faults.add(pod.id() + ": " + origin + " has no key " + Tree.text(item, "key"));
            }
            put(pod, directory + "/" + Tree.text(item, "path"), origin);
        }
    }

    private void put(Resource pod, String file, String origin) {
        String other = files.put(file, origin);
        if (other != null) {
            faults.add(pod.id() + ": " + file + " comes from " + other + " and from " + origin);
        }
    }
}
