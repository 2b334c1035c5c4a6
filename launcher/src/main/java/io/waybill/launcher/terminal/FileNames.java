package io.waybill.launcher.terminal;

import java.nio.charset.Charset;

/** Checks whether this JVM can name every file. */
public final class FileNames {
    private static final String PROPERTY = "sun.jnu.encoding";

    private FileNames() {}

    /** Warns if it cannot. Java encodes file names in the locale's character set, and no option changes that. */
    public static void warn(Terminal terminal) {
        String name = System.getProperty(PROPERTY, "UTF-8");
        if (!Charset.isSupported(name) || !Charset.forName(name).newEncoder().canEncode("\u00fc\u6f22")) {
            terminal.note(terminal.yellow("note: ") + "the locale's character set is " + name
                    + ", in which not every file can be named; run with LC_ALL=C.UTF-8");
        }
    }
}
