package io.waybill.devstack.process;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Puts a user's file on top of the embedded stack. The user's destinations are added to the embedded one. The user's
 * routes replace the embedded one. Settings of the infrastructure in the user's file are not used.
 */
final class UserConfiguration {
    /** The sections that the embedded stack sets itself. */
    private static final Set<String> INFRASTRUCTURE = Set.of(
            "kafka",
            "schema.registry.url",
            "basic.auth.credentials.source",
            "basic.auth.user.info",
            "schema.registry.ssl.truststore.location",
            "schema.registry.ssl.truststore.type",
            "schema.registry.ssl.truststore.password",
            "topics",
            "s3",
            "http",
            "streams");

    private final Path file;

    UserConfiguration(Path file) {
        this.file = file;
    }

    /** The configuration of the embedded stack with the user's parts in it. */
    Map<String, Object> over(Map<String, Object> embedded) {
        var merged = new LinkedHashMap<>(embedded);
        read().forEach((key, value) -> {
            if (key.equals("destinations") && value instanceof Map<?, ?> theirs) {
                var both = new LinkedHashMap<Object, Object>((Map<?, ?>) embedded.get(key));
                both.putAll(theirs);
                merged.put(key, both);
            } else if (!INFRASTRUCTURE.contains(key)) {
                merged.put(key, value);
            }
        });
        return merged;
    }

    private Map<String, Object> read() {
        var tree = new LinkedHashMap<String, Object>();
        try {
            // Read all values as text. Numbers would not be written as they were read.
            var settings = LoadSettings.builder().setSchema(new FailsafeSchema()).build();
            Object root = new Load(settings).loadFromString(Files.readString(file));
            if (root instanceof Map<?, ?> map) {
                map.forEach((key, value) -> tree.put(String.valueOf(key), value));
            } else if (root != null) {
                throw new YamlEngineException("no keys");
            }
        } catch (IOException | YamlEngineException e) {
            // The reader of configurations reports the same fault with a place, in one line.
            throw new BadConfigurationException(problems(() -> load(Overrides.NONE)));
        }
        return tree;
    }

    /**
     * Checks the merged text, and reports its faults in terms of the user's own file.
     *
     * @param overrides replace the infrastructure, which the file need not have
     */
    WaybillConfig check(String merged, Overrides overrides) {
        List<String> exact = problems(() -> load(overrides));
        try {
            return WaybillConfig.parse(file.toString(), merged, overrides, Services.sections());
        } catch (BadConfigurationException e) {
            throw new BadConfigurationException(
                    e.problems().stream().map(problem -> placed(problem, exact)).toList());
        }
    }

    private WaybillConfig load(Overrides overrides) {
        return WaybillConfig.load(file, overrides, Services.sections());
    }

    private static List<String> problems(Runnable reading) {
        try {
            reading.run();
            return List.of();
        } catch (BadConfigurationException e) {
            return e.problems();
        }
    }

    /** The line and column in the merged text would mislead. So this gives those of the user's file, or none. */
    private String placed(String problem, List<String> exact) {
        Optional<String> same =
                exact.stream().filter(other -> key(other).equals(key(problem))).findFirst();
        boolean ours = problem.startsWith(file + ":");
        return same.map(other -> place(other) + ": " + rest(problem))
                .orElse(ours ? file + ": " + rest(problem) : problem);
    }

    /** A problem has the form "PLACE: KEY: FAULT". */
    private static String place(String problem) {
        return problem.substring(0, problem.indexOf(": "));
    }

    private static String rest(String problem) {
        return problem.substring(problem.indexOf(": ") + 2);
    }

    private static String key(String problem) {
        String rest = rest(problem);
        int end = rest.indexOf(": ");
        return end < 0 ? rest : rest.substring(0, end);
    }
}
