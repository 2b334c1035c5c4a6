package io.waybill.runtime.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program was built from.
 *
 * @param commit "unknown" if the build did not say
 * @param jdk    the version of the Java that runs it
 */
public record BuildInfo(String version, String commit, String jdk) {
    private static final BuildInfo CURRENT = read();

    /** Of this process. */
    public static BuildInfo current() {
        return CURRENT;
    }

    private static BuildInfo read() {
        var written = new Properties();
        try (InputStream file = BuildInfo.class.getResourceAsStream("build.properties")) {
            if (file == null) {
                throw new IllegalStateException("the build has left build.properties out");
            }
            written.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildInfo(
                written.getProperty("version", "unknown"),
                written.getProperty("commit", "unknown"),
                Runtime.version().toString());
    }
}
