package io.waybill.worker.upload;

import io.waybill.domain.FileId;
import io.waybill.domain.RemotePath;
import io.waybill.domain.TransferWork;
import io.waybill.runtime.config.DestinationConfig.Staging;
import io.waybill.worker.partition.StagingTokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that files have at a destination before and beside their final name. */
public final class StagingNames {
    private static final String ASIDE = ".aside";
    private static final String DONE = ".done";
    private static final String PROBE = ".probe0";

    /** The most bytes of a name in most file systems. */
    private static final int MOST_BYTES = 255;

    /** The dot by which {@link StagingTokens} recognises a token. */
    private static final Pattern BEFORE_TOKEN = Pattern.compile("\\.(?=p\\d+-[0-9a-z]+-[a-z2-7]{8})");

    /** The character that a room's name has in place of that dot. */
    private static final Pattern BEFORE_ROOM = Pattern.compile("_(?=p\\d+-[0-9a-z]+-[a-z2-7]{8}\\.room)");

    /** A token after a dot, as {@link StagingTokens} expects it, or after an underscore. */
    private static final Pattern TOKEN = Pattern.compile("[._]p\\d+-[0-9a-z]+-[a-z2-7]{8}");

    private StagingNames() {}

    /**
     * A name that no other execution has, on the file system of the final name.
     *
     * @param token the token of the execution
     */
    public static RemotePath staging(Staging staging, TransferWork work, String token) {
        RemotePath target = work.target().path();
        String unique = unique(work, token);
        return switch (staging.kind()) {
            case DIRECTORY -> below(stagingDirectory(staging, target), unique);
            case PREFIX -> target.sibling(staging.text() + unique);
            case SUFFIX -> target.sibling(unique + staging.text());
        };
    }

    /** A name that no other execution has, beside a final name. */
    public static RemotePath beside(RemotePath target, TransferWork work, String token) {
        return target.sibling(unique(work, token));
    }

    private static String unique(TransferWork work, String token) {
        return work.id() + "-" + work.attempt() + "." + token;
    }

    private static RemotePath stagingDirectory(Staging staging, RemotePath target) {
        return target.sibling(staging.text());
    }

    /** The name of a staging file that must not be published any more. */
    public static RemotePath withdrawn(RemotePath name) {
        return marked(name, name.name(), ".withdrawn");
    }

    /**
     * The name of the older file that a staging file has replaced, until the delivery is committed. Every owner of the
     * intent derives the same name. No cleaner of this version or an earlier one takes it for a staging file: the token in
     * it does not stand where {@link StagingTokens} looks for one.
     */
    public static RemotePath aside(RemotePath name) {
        return marked(name, tokenless(name), ASIDE);
    }

    /**
     * The directory into which the worker moves an older file, to free its name for a staging file. A cleaner of an earlier
     * version does not recognise it either; this version uses {@link #ofRoom}.
     */
    public static RemotePath room(RemotePath name) {
        return marked(name, tokenless(name), ".room");
    }

    /** The staging name from whose token {@link StagingTokens} knows the owner of a room; empty if the name is no room. */
    public static Optional<String> ofRoom(String name) {
        Matcher room = BEFORE_ROOM.matcher(name);
        return room.find() ? Optional.of(room.replaceAll(".")) : Optional.empty();
    }

    /** The name of the older file in a room. */
    public static RemotePath inRoom(RemotePath room) {
        return below(room, "older");
    }

    private static String tokenless(RemotePath name) {
        return BEFORE_TOKEN.matcher(name.name()).replaceAll("_");
    }

    /** Whether a name was made by {@link #aside}. */
    public static boolean isAside(RemotePath name) {
        return name.name().contains(ASIDE) && !BEFORE_TOKEN.matcher(name.name()).find();
    }

    /**
     * Puts the mark before the text after the token. That text is the suffix, which keeps the partner's programs away. The
     * place follows from the name alone, because an owner whose configuration has another suffix must find the same name.
     */
    private static RemotePath marked(RemotePath name, String file, String mark) {
        Matcher token = TOKEN.matcher(file);
        int end = token.find() ? token.end() : file.length();
        return name.sibling(file.substring(0, end) + mark + file.substring(end));
    }

    /**
     * The name for a file whose own name is taken: {@code stem.<file id>.extension}, beside the other file. If the name
     * would be too long, the stem is cut; the file's id distinguishes it from the names of other files.
     */
    public static RemotePath keptBeside(RemotePath target, FileId id) {
        String name = target.name();
        int dot = name.lastIndexOf('.');
        // A leading dot hides a file; it does not begin an extension.
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        String rest = "." + id + extension;
        int room = MOST_BYTES - bytes(rest);
        int end = stem.length();
        while (bytes(name) <= MOST_BYTES && bytes(stem.substring(0, end)) > room && end > 1) {
            end = stem.offsetByCodePoints(end, -1);
        }
        return target.sibling(stem.substring(0, end) + rest);
    }

    /** Whether a part of a path has more bytes than most file systems allow. */
    static boolean isLong(RemotePath path) {
        return Arrays.stream(path.value().split("/")).anyMatch(part -> bytes(part) > MOST_BYTES);
    }

    /** Whether a name itself, without its directories, has more bytes than most file systems allow. */
    static boolean isLongName(RemotePath path) {
        return bytes(path.name()) > MOST_BYTES;
    }

    /**
     * A name for a trial of an execution.
     *
     * @param name  a name of the execution
     * @param bytes how many the trial's name has; more, if it must have more
     * @return empty if the path would be too long
     */
    static Optional<RemotePath> probe(RemotePath name, int bytes) {
        RemotePath shortest = marked(name, name.name(), PROBE);
        int missing = Math.max(0, bytes - bytes(shortest.name()));
        return shortest.value().length() + missing > RemotePath.MAX_LENGTH
                ? Optional.empty()
                : Optional.of(marked(name, name.name(), PROBE + "0".repeat(missing)));
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The file that tells the partner that a file written under its final name is whole. */
    public static RemotePath doneFile(RemotePath target) {
        return target.sibling(target.name() + DONE);
    }

    /** Whether a name is the done-file of another file. */
    public static boolean isDoneFile(RemotePath path) {
        return path.name().endsWith(DONE) && path.name().length() > DONE.length();
    }

    /** The directory of a name; empty for the root, which is not a name. */
    public static Optional<RemotePath> directory(RemotePath name) {
        String directory = name.directory();
        return directory.equals("/") ? Optional.empty() : Optional.of(new RemotePath(directory));
    }

    /**
     * A name in a directory.
     *
     * @param directory "/" for the destination's root
     * @throws IllegalArgumentException if no file can have that name there
     */
    public static RemotePath in(String directory, String name) {
        return new RemotePath(directory.equals("/") ? "/" + name : directory + "/" + name);
    }

    private static RemotePath below(RemotePath directory, String name) {
        return new RemotePath(directory.value() + "/" + name);
    }
}
