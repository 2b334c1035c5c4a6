package io.waybill.runtime.config;

import io.waybill.runtime.text.Reasons;
import java.io.IOException;
import java.nio.file.Files;
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

    static Node.Section read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new BadConfigurationException(List.of(file + ": there is no such configuration file"));
        } catch (IOException e) {
            throw new BadConfigurationException(
                    List.of(file + ": the configuration file cannot be read: " + Reasons.of(e)));
        }
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
