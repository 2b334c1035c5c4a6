package io.waybill.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value that no log, message or dump may show. Secrets with equal texts are equal; printing a secret gives a fixed
 * text.
 */
public final class Secret {
    private static final Pattern LINE_BREAK = Pattern.compile("\\r?\\n\\z");

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> GROUPS = PosixFilePermissions.fromString("rwxr-x---");
    private static final String ADMINISTRATOR = "root";

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Wraps a secret that the program made itself. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * Follows a reference: {@code file:PATH} (one trailing line break is dropped) or {@code env:NAME}.
     *
     * @throws IllegalArgumentException if the text is no reference or points to nothing; the message never holds a text
     *         that may be a secret
     */
    static Secret resolve(String reference, Map<String, String> environment) {
        if (reference.startsWith("file:")) {
            Path file = Path.of(reference.substring("file:".length()));
            try {
                String value = LINE_BREAK.matcher(Files.readString(file)).replaceFirst("");
                return present(value, "the secret's file is empty: " + file);
            } catch (IOException e) {
                throw new IllegalArgumentException("the secret's file cannot be read: " + file, e);
            }
        }
        if (reference.startsWith("env:")) {
            String name = reference.substring("env:".length());
            @Nullable String value = environment.get(name);
            if (value == null) {
                throw new IllegalArgumentException("the secret's environment variable is not set: " + name);
            }
            return present(value, "the secret's environment variable is empty: " + name);
        }
        throw new IllegalArgumentException(
                "a secret is given as file:PATH or env:NAME, never in plain text (the text found is not shown)");
    }

    /**
     * Follows a reference, or takes the text itself for the secret. For places that show it to nobody, such as an
     * environment variable.
     *
     * @throws IllegalArgumentException if a reference points to nothing
     */
    public static Secret given(String text, Map<String, String> environment) {
        return refersTo(text) ? resolve(text, environment) : of(text);
    }

    /** Libraries take an empty password for a mistake of the program. */
    private static Secret present(String value, String fault) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
        return new Secret(value);
    }

    /** Whether a text refers to a secret. */
    static boolean refersTo(String text) {
        return text.startsWith("file:") || text.startsWith("env:");
    }

    /**
     * What is wrong with the permissions of a file that holds a secret, as OpenSSH sees it; empty if nothing is, or if
     * the file system has no such permissions.
     */
    static Optional<String> exposed(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            return isTight(permissions, Files.getOwner(file).getName(), System.getProperty("user.name"))
                    ? Optional.empty()
                    : Optional.of("others than its owner can use " + file + " ("
                            + PosixFilePermissions.toString(permissions) + "); run: chmod 600 " + file);
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether nobody can use a file who should not. One that the administrator gives to the group of this process is as a
     * deployment mounts it: the process is not its owner, and could read it in no other way.
     */
    static boolean isTight(Set<PosixFilePermission> permissions, String owner, String user) {
        boolean given = owner.equals(ADMINISTRATOR) && !user.equals(ADMINISTRATOR);
        return (given ? GROUPS : OWNERS).containsAll(permissions);
    }

    /** The secret itself. Pass it to the library that needs it, and keep it nowhere. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
