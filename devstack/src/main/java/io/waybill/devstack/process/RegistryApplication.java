package io.waybill.devstack.process;

import io.waybill.runtime.config.BadConfigurationException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Finds the schema registry that the build unpacked. */
final class RegistryApplication {
    private static final String PROPERTY = "waybill.registry.app";

    private RegistryApplication() {}

    /** The directory of the unpacked application. The system property {@code waybill.registry.app} may name it. */
    static Path directory() {
        String given = System.getProperty(PROPERTY, "");
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        Path code = codeLocation();
        Path parent = Objects.requireNonNullElse(code.getParent(), code);
        // It is beside the launcher's classes or jar in its build directory, or beside the directory of all jars.
        return List.of(parent.resolve("app/registry"), parent.resolveSibling("registry"), parent.resolve("registry"))
                .stream()
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new BadConfigurationException(List.of("the embedded schema registry is not where"
                        + " the build puts it, near " + code + "; build again, or give -D" + PROPERTY + "=DIR")));
    }

    private static Path codeLocation() {
        try {
            return Path.of(RegistryApplication.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("class loaders give proper addresses", e);
        }
    }
}
