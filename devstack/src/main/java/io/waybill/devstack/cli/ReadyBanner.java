package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.devstack.servers.EmbeddedSftp;
import io.waybill.launcher.terminal.Terminal;

/** Prints what a user can do with a stack that is ready. */
final class ReadyBanner {
    private static final int LABEL = 11;

    private ReadyBanner() {}

    static String http(Running running) {
        return "http://127.0.0.1:" + running.config().http().port();
    }

    /**
     * @param data the option that commands need to find the stack; empty if they find it without
     */
    static void print(Terminal terminal, Running running, String seconds, String data) {
        var stack = running.stack();
        terminal.result("");
        terminal.result(terminal.bold(running.services().isPresent() ? "Waybill is ready" : "The servers are ready")
                + " in " + seconds);
        terminal.result("");
        if (running.services().isPresent()) {
            line(terminal, "HTTP API", http(running) + "/v1/files");
        }
        line(terminal, "S3", stack.s3() + "  AWS_ACCESS_KEY_ID=" + EmbeddedS3.ACCESS_KEY
                + " AWS_SECRET_ACCESS_KEY=" + EmbeddedS3.SECRET_KEY);
        line(terminal, "SFTP", "127.0.0.1:" + stack.sftpPort() + "  user " + EmbeddedSftp.USER + ", password "
                + EmbeddedSftp.PASSWORD + " or key " + stack.sftpClientKey());
        line(terminal, "files", stack.sftpFiles().toString());
        line(terminal, "Kafka", stack.bootstrapServers());
        line(terminal, "registry", stack.registryUrl().toString());
        line(terminal, "config", running.configurationFile().toString());
        terminal.result("");
        terminal.result("Try, in another terminal:");
        if (running.services().isEmpty()) {
            example(terminal, "./waybill run all" + data);
        }
        example(terminal, "./waybill send --wait README.md" + data);
        example(terminal, "aws --endpoint-url " + stack.s3() + " s3 cp README.md s3://" + EmbeddedS3.BUCKET + "/");
        example(terminal, "sftp -P " + stack.sftpPort() + " -i " + stack.sftpClientKey() + " " + EmbeddedSftp.USER
                + "@127.0.0.1");
        example(terminal, "./waybill files" + data);
        terminal.result("");
        terminal.result(terminal.dim("Ctrl-C stops it; what is under way goes on at the next start."));
    }

    private static void line(Terminal terminal, String label, String text) {
        terminal.result("  " + terminal.dim(label + " ".repeat(LABEL - label.length())) + text);
    }

    private static void example(Terminal terminal, String command) {
        terminal.result("  " + terminal.bold(command));
    }
}
