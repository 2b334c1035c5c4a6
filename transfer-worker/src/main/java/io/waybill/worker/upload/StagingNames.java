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

/** The names that files have at a destination before and beside their final one. */
public final class StagingNames {
    private static final String ASIDE = ".aside";
    private static final String DONE = ".done";

    /** Most file systems allow a name so many bytes. */
    private static final int MOST_BYTES = 255;

    /** The dot by which {@link StagingTokens} knows a token. */
    private static final Pattern BEFORE_TOKEN = Pattern.compile("\\.(?=p\\d+-[0-9a-z]+-[a-z2-7]{8})");

    /** What stands in a room's name where a staging file's has that dot. */
    private static final Pattern BEFORE_ROOM = Pattern.compile("_(?=p\\d+-[0-9a-z]+-[a-z2-7]{8}\\.room)");

    /** A token where {@link StagingTokens} looks for one, or where a name has an underscore instead of the dot. */
    private static final Pattern TOKEN = Pattern.compile("[._]p\\d+-[0-9a-z]+-[a-z2-7]{8}");

    private StagingNames() {}

    /**
     * A name that no other execution has, on the file system of the final name.
     *
     * @param token the execution's
     */
    public static RemotePath staging(Staging staging, TransferWork work, String token) {
        RemotePath target = work.target().path();
        String unique = work.id() + "-" + work.attempt() + "." + token;
        return switch (staging.kind()) {
            case DIRECTORY -> below(stagingDirectory(staging, target), unique);
            case PREFIX -> target.sibling(staging.text() + unique);
            case SUFFIX -> target.sibling(unique + staging.text());
        };
    }

    private static RemotePath stagingDirectory(Staging staging, RemotePath target) {
        return target.sibling(staging.text());
    }

    /** Where a staging file goes that is not to be published any more. */
    public static RemotePath withdrawn(RemotePath name) {
        return marked(name, name.name(), ".withdrawn");
    }

    /**
     * Where the older file lies that a staging file has replaced, until the delivery is committed. Every owner of the intent
     * derives the same name, and no cleaner of this version or an earlier one takes it for a staging file: the token in it
     * does not stand where {@link StagingTokens} looks for one.
     */
    public static RemotePath aside(RemotePath name) {
        return marked(name, tokenless(name), ASIDE);
    }

    /**
     * The directory into which a name is freed for a staging file. A cleaner of an earlier version does not know it either;
     * {@link #ofRoom} is how this one does.
     */
    public static RemotePath room(RemotePath name) {
        return marked(name, tokenless(name), ".room");
    }

    /** The name by which {@link StagingTokens} knows whose a room is; empty for what is no room. */
    public static Optional<String> ofRoom(String name) {
        Matcher room = BEFORE_ROOM.matcher(name);
        return room.find() ? Optional.of(room.replaceAll(".")) : Optional.empty();
    }

    /** What a file is called in there. */
    public static RemotePath inRoom(RemotePath room) {
        return below(room, "older");
    }

    private static String tokenless(RemotePath name) {
        return BEFORE_TOKEN.matcher(name.name()).replaceAll("_");
    }

    /** Whether a name is one that {@link #aside} gives. */
    public static boolean isAside(RemotePath name) {
        return name.name().contains(ASIDE) && !BEFORE_TOKEN.matcher(name.name()).find();
    }

    /**
     * The mark goes before what follows the token: that is the suffix, which keeps the partner's programs off. The name alone
     * says where, because an owner whose configuration has another suffix must find the same name.
     */
    private static RemotePath marked(RemotePath name, String file, String mark) {
        Matcher token = TOKEN.matcher(file);
        int end = token.find() ? token.end() : file.length();
        return name.sibling(file.substring(0, end) + mark + file.substring(end));
    }

    /**
     * Where a file goes whose name is taken: {@code stem.<file id>.extension}, beside the other. What makes that too long
     * for a name is left out of the stem; the file's id keeps it from being another's.
     */
    public static RemotePath keptBeside(RemotePath target, FileId id) {
        String name = target.name();
        int dot = name.lastIndexOf('.');
        // A leading dot hides a file; it begins no extension.
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

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** What tells the partner that a file written under its final name is whole. */
    public static RemotePath doneFile(RemotePath target) {
        return target.sibling(target.name() + DONE);
    }

    /** Whether a name is the done-file of another. */
    public static boolean isDoneFile(RemotePath path) {
        return path.name().endsWith(DONE) && path.name().length() > DONE.length();
    }

    /** The directory of a name; empty for the root, which is no name. */
    public static Optional<RemotePath> directory(RemotePath name) {
        String directory = name.directory();
        return directory.equals("/") ? Optional.empty() : Optional.of(new RemotePath(directory));
    }

    private static RemotePath below(RemotePath directory, String name) {
        return new RemotePath(directory.value() + "/" + name);
    }
}
