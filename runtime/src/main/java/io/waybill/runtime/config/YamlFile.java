package io.waybill.runtime.config;

import io.waybill.runtime.config.files.ConfigFiles;
import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML 1.2 into {@link Node nodes}. Works on the composed tree, because bound values no longer know their line. */
final class YamlFile {
    private final String name;

    private YamlFile(String name) {
        this.name = name;
    }

    /** The file, or the files of the directory, with their contents. */
    static ConfigFiles files(Path given) {
        try {
            ConfigFiles files = ConfigFiles.read(given);
            List<String> faults = new ArrayList<>();
            files.misnamed().forEach(name -> faults.add(name + ": is not read; only names that end with .yaml are"));
            if (files.files().isEmpty()) {
                faults.add(given + ": there is no file in this directory whose name ends with .yaml");
            }
            throwIfAny(faults);
            return files;
        } catch (NoSuchFileException e) {
            throw new BadConfigurationException(
                    List.of(given + ": there is no such configuration file; write it, or name another with --config"));
        } catch (IOException e) {
            throw new BadConfigurationException(
                    List.of(given + ": the configuration file cannot be read: " + Reasons.of(e)));
        }
    }

    private static void throwIfAny(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new BadConfigurationException(faults);
        }
    }

    /**
     * All files as one. Sections may be spread over files; a key, and what has a name such as a destination, may not.
     *
     * @param schema of the whole configuration
     */
    static Node.Section merged(ConfigFiles files, Section schema) {
        List<String> faults = new ArrayList<>();
        List<Node.Section> roots = new ArrayList<>();
        for (ConfigFiles.ConfigFile file : files.files()) {
            try {
                roots.add(parse(file.name(), file.text()));
            } catch (BadConfigurationException e) {
                faults.addAll(e.problems());
            }
        }
        Node.Section all = roots.size() == 1
                ? roots.getFirst()
                : roots.stream()
                        .reduce(
                                new Node.Section(Map.of(), files.given().toString()),
                                (one, other) -> both(one, other, schema, "", faults));
        throwIfAny(faults);
        return all;
    }

    private static Node.Section both(
            Node.Section one, Node.Section other, Section schema, String path, List<String> faults) {
        var children = new LinkedHashMap<>(one.children());
        other.children().forEach((key, value) -> {
            Node before = children.get(key);
            Optional<Section> inner = inner(schema, key);
            if (before == null || isEmpty(before)) {
                children.put(key, value);
            } else if (before instanceof Node.Section former && value instanceof Node.Section later
                    && inner.isPresent()) {
                children.put(key, both(former, later, inner.get(), path + key + ".", faults));
            } else if (!isEmpty(value)) {
                faults.add(value.place() + ": " + path + key + ": is also at " + before.place()
                        + "; give it in one file");
            }
        });
        return new Node.Section(children, one.place());
    }

    private static boolean isEmpty(Node node) {
        return node instanceof Node.Scalar(String text, _) && text.isEmpty();
    }

    /** The section that may be spread over files: not one with a name that the operator chose. */
    private static Optional<Section> inner(Section schema, String key) {
        return schema.kind() == Section.Kind.NAMED
                ? Optional.empty()
                : schema.entries().stream()
                        .filter(entry -> entry.name().equals(key))
                        .filter(Section.class::isInstance)
                        .map(Section.class::cast)
                        .findAny();
    }

    /**
     * @param name the name of the text in messages
     */
    static Node.Section parse(String name, String yaml) {
        var settings = LoadSettings.builder().setLabel(name).setUseMarks(true).setAllowNonScalarKeys(true).build();
        try {
            return new YamlFile(name).root(new Compose(settings).composeString(yaml));
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark().map(m -> place(name, m)).orElse(name);
            throw new BadConfigurationException(List.of(place + ": this is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new BadConfigurationException(List.of(name + ": this is not YAML: " + e.getMessage()));
        }
    }

    private Node.Section root(Optional<org.snakeyaml.engine.v2.nodes.Node> root) {
        if (root.isEmpty()) {
            return new Node.Section(Map.of(), name + ":1:1");
        }
        Node node = node(root.get());
        if (node instanceof Node.Section section) {
            return section;
        }
        throw new BadConfigurationException(
                List.of(node.place() + ": expected keys with values, found a "
                        + (node instanceof Node.Sequence ? "list" : "single value")));
    }

    private Node node(org.snakeyaml.engine.v2.nodes.Node yaml) {
        String place = yaml.getStartMark().map(m -> place(name, m)).orElse(name);
        if (yaml.isRecursive()) {
            throw new BadConfigurationException(List.of(place + ": an alias inside its own anchor is not supported"));
        }
        return switch (yaml) {
            case MappingNode mapping -> section(mapping, place);
            case SequenceNode sequence ->
                new Node.Sequence(sequence.getValue().stream().map(this::node).toList(), place);
            case ScalarNode scalar ->
                new Node.Scalar(Tag.NULL.equals(scalar.getTag()) ? "" : scalar.getValue(), place);
            default -> throw new BadConfigurationException(List.of(place + ": YAML of this kind is not supported"));
        };
    }

    private Node.Section section(MappingNode mapping, String place) {
        var children = new LinkedHashMap<String, Node>();
        var twice = new ArrayList<String>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new BadConfigurationException(List.of(place + ": a key must be a single value"));
            }
            Node value = node(entry.getValueNode());
            if (children.put(key.getValue(), value) != null) {
                twice.add(value.place() + ": the key '" + key.getValue() + "' is there twice");
            }
        }
        if (!twice.isEmpty()) {
            throw new BadConfigurationException(twice);
        }
        return new Node.Section(children, place);
    }

    private static String place(String name, Mark mark) {
        return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
}
