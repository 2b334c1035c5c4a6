package io.waybill.devstack.process;

import io.waybill.launcher.process.Services;
import io.waybill.runtime.config.BadConfigurationException;
import io.waybill.runtime.config.Overrides;
import io.waybill.runtime.config.WaybillConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Puts a user's file on top of the embedded stack. The user's destinations are added to the embedded one. The user's
 * routes replace the embedded one. Who may log in, and what for, is as the user's file says. Its settings of the
 * infrastructure are not used.
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
            "streams");

    private static final String HTTP = "http";

    /**
     * What the user's file may say of the endpoint. The stack listens on loopback, and the address is its own. Its certificate
     * would name another machine, and no other instance is there to sign anything for.
     */
    private static final Set<String> LOGIN =
            Set.of("auth", "tokens", "oidc", "metrics", "cookieSecrets", "sessionAge");

    private final Path file;

    UserConfiguration(Path file) {
        this.file = file;
    }

    /** The configuration of the embedded stack with the user's parts in it. */
    Map<String, Object> over(Map<String, Object> embedded) {
        var merged = new LinkedHashMap<>(embedded);
        read().forEach((key, value) -> {
            if (key.equals("destinations") && value instanceof Map<?, ?> theirs) {
                merged.put(key, both(embedded.get(key), theirs));
            } else if (key.equals(HTTP) && value instanceof Map<?, ?> theirs) {
                var login = new LinkedHashMap<Object, Object>(theirs);
                login.keySet().retainAll(LOGIN);
                merged.put(key, both(embedded.get(key), login));
            } else if (!INFRASTRUCTURE.contains(key)) {
                merged.put(key, value);
            }
        });
        return merged;
    }

    private static Map<Object, Object> both(@Nullable Object embedded, Map<?, ?> theirs) {
        var both = new LinkedHashMap<Object, Object>();
        if (embedded instanceof Map<?, ?> own) {
            both.putAll(own);
        }
        both.putAll(theirs);
        return both;
    }

    /** The keys of the user's file that are not used, in its order. */
    List<String> unused() {
        List<String> unused = new ArrayList<>();
        read().forEach((key, value) -> {
            if (INFRASTRUCTURE.contains(key)) {
                unused.add(key);
            } else if (key.equals(HTTP) && value instanceof Map<?, ?> theirs) {
                theirs.keySet().stream()
                        .map(String::valueOf)
                        .filter(part -> !LOGIN.contains(part))
                        .map(part -> HTTP + "." + part)
                        .forEach(unused::add);
            }
        });
        return unused;
    }

    private Map<String, Object> read() {
        if (Files.isDirectory(file)) {
            throw new BadConfigurationException(List.of(
                    file + ": is a directory; the embedded stack takes one file with routes and destinations"));
        }
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
