package io.waybill.devstack.process;

import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.devstack.servers.EmbeddedSftp;
import io.waybill.devstack.servers.StackEndpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The configuration for an embedded stack. It is an ordinary file in the data directory, so the other commands need to
 * know nothing about the stack. Each start writes it again.
 */
final class EmbeddedConfiguration {
    static final String DESTINATION = "partner";
    static final String ROUTE = "inbox";

    private static final String HEADER =
            """
            # Written by 'waybill up' and 'waybill demo' at each start; changes here are lost.
            # It leads to the embedded stack whose data lies beside this file.
            """;

    /** A fingerprint with the right form. It serves to check a configuration before the stack has made its keys. */
    private static final String NO_HOST_KEY = "SHA256:" + "A".repeat(43);

    private final Path data;

    EmbeddedConfiguration(Path data) {
        this.data = data;
    }

    Path file() {
        return data.resolve("waybill.yaml");
    }

    private Path secret(String name) {
        return data.resolve("secrets").resolve(name);
    }

    /** Values with the right form, in place of those that are known only when the stack has started. */
    StackEndpoints unknown() {
        var nowhere = URI.create("http://127.0.0.1:1");
        return new StackEndpoints("127.0.0.1:1", nowhere, nowhere, 1, NO_HOST_KEY, data, data);
    }

    /** The infrastructure by full keys. A user's file cannot change these values. */
    Map<String, String> infrastructure(StackEndpoints stack, int httpPort) {
        var keys = new LinkedHashMap<String, String>();
        keys.put("kafka.bootstrap.servers", stack.bootstrapServers());
        keys.put("schema.registry.url", stack.registryUrl().toString());
        keys.put("s3.endpoint", stack.s3().toString());
        keys.put("s3.pathStyle", "true");
        keys.put("http.host", "127.0.0.1");
        keys.put("http.port", String.valueOf(httpPort));
        return keys;
    }

    /** The whole configuration for a stack with these endpoints. */
    Map<String, Object> tree(StackEndpoints stack, int httpPort) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("kafka", section(
                "bootstrap.servers", stack.bootstrapServers(),
                "enable.metrics.push", "false",
                // The broker tells of records at once. Without any it would answer each of eight consumers twice a second.
                "fetch.max.wait.ms", 1500));
        tree.put("schema.registry.url", stack.registryUrl().toString());
        tree.put("topics", section("filePartitions", 4, "workPartitions", 8, "replication", 1));
        tree.put("s3", section(
                "endpoint", stack.s3().toString(),
                "accessKey", "file:" + secret("s3-access-key"),
                "secretKey", "file:" + secret("s3-secret-key")));
        tree.put("http", section("host", "127.0.0.1", "port", httpPort));
        tree.put("streams", section("stateDirectory", data.resolve("streams").toString(), "standbyReplicas", 0));
        tree.put("destinations", section(DESTINATION, section(
                "host", "127.0.0.1",
                "port", stack.sftpPort(),
                "user", EmbeddedSftp.USER,
                "password", "file:" + secret("sftp-password"),
                "hostKeys", List.of(stack.sftpHostKey()))));
        tree.put("routes", section(ROUTE, section(
                "source", section("bucket", EmbeddedS3.BUCKET),
                "deliver", section("destination", DESTINATION, "path", "/{key}", "createDirectories", true))));
        return tree;
    }

    /** Pairs of key and value, in order. */
    private static Map<String, Object> section(Object... pairs) {
        var section = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            section.put((String) pairs[i], pairs[i + 1]);
        }
        return section;
    }

    static String text(Map<String, Object> tree) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(1000)
                .build();
        return HEADER + new Dump(settings).dumpToString(tree);
    }

    /** Writes the secrets to which the configuration refers. Only their owner can read them. */
    void writeSecrets() throws IOException {
        write(secret("s3-access-key"), EmbeddedS3.ACCESS_KEY);
        write(secret("s3-secret-key"), EmbeddedS3.SECRET_KEY);
        write(secret("sftp-password"), EmbeddedSftp.PASSWORD);
    }

    /** Replaces the file as a whole, because another command may be reading it. */
    void write(String text) throws IOException {
        write(file(), text);
    }

    private static void write(Path file, String text) throws IOException {
        Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path draft = Files.createTempFile(directory, file.getFileName().toString(), ".draft", ownerOnly);
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
