package io.waybill.launcher.client;

import io.waybill.domain.FileId;
import io.waybill.launcher.environment.CommandException;

/** The ids that users give. */
public final class FileIds {
    private FileIds() {}

    /** Reads an id. */
    public static FileId parse(String text) {
        try {
            return new FileId(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }

    /** The fault that no file has an id. */
    public static CommandException unknown(FileId file) {
        return CommandException.failed("there is no file " + file
                + "; 'waybill files' lists the files. Waybill forgets finished files after their route's retention");
    }
}
