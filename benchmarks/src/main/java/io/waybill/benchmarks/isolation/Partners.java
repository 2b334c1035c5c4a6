package io.waybill.benchmarks.isolation;

import io.waybill.devstack.servers.EmbeddedSftp;
import io.waybill.testkit.FreePort;
import io.waybill.testkit.RogueSftpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ten partners: six good ones, a tarpit, one that refuses the login, one whose disk is full, and one that is down. */
final class Partners implements AutoCloseable {
    static final int GOOD = 6;
    static final List<String> BAD = List.of("tarpit", "locked", "full", "down");

    /** SSH_FX_NO_SPACE_ON_FILESYSTEM. */
    private static final int NO_SPACE = 14;

    private final Path scratch;
    private final List<EmbeddedSftp> good = new ArrayList<>();
    private final Tarpit tarpit = new Tarpit();
    private final RogueSftpServer locked;
    private final RogueSftpServer full;

    private Partners(Path scratch) {
        this.scratch = scratch;
        locked = RogueSftpServer.start(scratch.resolve("locked"));
        full = RogueSftpServer.start(scratch.resolve("full"))
                .refuse("write", NO_SPACE);
    }

    static Partners start(Path scratch) throws IOException {
        Files.createDirectories(scratch);
        var partners = new Partners(scratch);
        for (int i = 0; i < GOOD; i++) {
            var server = new EmbeddedSftp(
                    partners.files(i), scratch.resolve("host-" + i), scratch.resolve("client-" + i), 0);
            server.start();
            partners.good.add(server);
        }
        Files.writeString(scratch.resolve("right"), EmbeddedSftp.PASSWORD);
        Files.writeString(scratch.resolve("rogue"), RogueSftpServer.PASSWORD);
        Files.writeString(scratch.resolve("wrong"), "something else");
        return partners;
    }

    static String goodName(int partner) {
        return "good-" + partner;
    }

    /** Where the files of a good partner arrive. */
    Path files(int partner) {
        return scratch.resolve("files-" + partner);
    }

    /** Lines of a configuration's {@code destinations}. */
    String yaml() {
        var yaml = new StringBuilder();
        for (int i = 0; i < GOOD; i++) {
            EmbeddedSftp server = good.get(i);
            yaml.append(entry(goodName(i), server.port(), EmbeddedSftp.USER, "right", server.hostKeyFingerprint()));
        }
        String anyKey = locked.hostKey();
        return yaml.append(entry("tarpit", tarpit.port(), RogueSftpServer.USER, "rogue", anyKey))
                .append(entry("locked", locked.port(), RogueSftpServer.USER, "wrong", anyKey))
                .append(entry("full", full.port(), RogueSftpServer.USER, "rogue", full.hostKey()))
                .append(entry("down", FreePort.find(), RogueSftpServer.USER, "rogue", anyKey))
                .toString();
    }

    private String entry(String name, int port, String user, String password, String hostKey) {
        return "  %s: { host: 127.0.0.1, port: %d, user: %s, password: \"file:%s\", hostKeys: [\"%s\"] }%n"
                .formatted(name, port, user, scratch.resolve(password), hostKey);
    }

    @Override
    public void close() throws IOException {
        for (EmbeddedSftp server : good) {
            server.close();
        }
        tarpit.close();
        locked.close();
        full.close();
    }
}
