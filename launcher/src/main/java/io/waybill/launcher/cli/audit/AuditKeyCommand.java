package io.waybill.launcher.cli.audit;

import io.waybill.domain.audit.SigningKey;
import io.waybill.launcher.environment.CommandException;
import io.waybill.launcher.environment.Context;
import io.waybill.runtime.service.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code waybill audit key}: keys that sign the audit. It does nothing without one of its sub-commands. */
@Command(
        name = "key",
        description = "Makes and shows keys that sign the audit.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:", "  waybill audit key new --out audit.pem"})
public final class AuditKeyCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // picocli puts the real object here

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code waybill audit key new}: makes a key. */
    @Command(
            name = "new",
            description = "Makes an ed25519 key. Writes the private key to a new file that only its owner can read, and prints"
                    + " the public key. audit.signingKey gets 'file:' and the path. Give the public key to auditors.",
            footer = {"", "Examples:", "  waybill audit key new --out audit.pem > audit.pub"})
    public static final class New implements Callable<Integer> {
        private final Context context;

        @Option(names = "--out", paramLabel = "FILE", required = true,
                description = "The new file for the private key.")
        private Path out = Path.of("");

        public New(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            SigningKey key = SigningKey.random();
            write(context.environment().directory().resolve(out), key.pem());
            show(context, key);
            return ExitCode.DONE.number();
        }

        private static void write(Path file, String pem) {
            boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] owners = posix
                    ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            try (var channel = Files.newByteChannel(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owners)) {
                channel.write(java.nio.ByteBuffer.wrap(pem.getBytes(StandardCharsets.UTF_8)));
            } catch (FileAlreadyExistsException e) {
                throw CommandException.failed(file + " exists; a key is never overwritten");
            } catch (IOException e) {
                throw CommandException.failed(file + " cannot be written");
            }
        }
    }

    /** {@code waybill audit key show}: shows the public key of a private one. */
    @Command(
            name = "show",
            description = "Prints the public key that belongs to a private one.",
            footer = {"", "Examples:", "  waybill audit key show audit.pem > audit.pub"})
    public static final class Show implements Callable<Integer> {
        private final Context context;

        @Parameters(paramLabel = "FILE", description = "The file with the private key.")
        private Path file = Path.of("");

        public Show(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            try {
                show(context, SigningKey.parse(
                        Files.readString(context.environment().directory().resolve(file))));
            } catch (IOException e) {
                throw CommandException.failed(file + " cannot be read");
            } catch (IllegalArgumentException e) {
                throw CommandException.failed(file + ": " + e.getMessage());
            }
            return ExitCode.DONE.number();
        }
    }

    private static void show(Context context, SigningKey key) {
        var shown = new LinkedHashMap<String, String>();
        shown.put("key", key.id());
        shown.put("publicKey", key.verifying().pem());
        context.terminal().result(shown, key.verifying().pem().strip());
        if (!context.terminal().json()) {
            context.environment().err().println("key " + key.id());
        }
    }
}
