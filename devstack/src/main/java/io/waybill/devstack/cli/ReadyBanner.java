package io.waybill.devstack.cli;

import io.waybill.devstack.process.EmbeddedProcess.Running;
import io.waybill.devstack.servers.EmbeddedS3;
import io.waybill.devstack.servers.EmbeddedSftp;
import io.waybill.domain.Delivery;
import io.waybill.domain.Route;
import io.waybill.domain.SourceFilter;
import io.waybill.launcher.terminal.Terminal;
import io.waybill.runtime.config.WaybillConfig.HttpSettings;
import java.util.Optional;

/** Prints what a user can do with a stack that is ready. */
final class ReadyBanner {
    private static final int LABEL = 11;

    private ReadyBanner() {}

    static String http(Running running) {
        HttpSettings http = running.config().http();
        return http.scheme() + "://127.0.0.1:" + http.port();
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
        running.config().routes().values().forEach(route -> line(terminal, "route", describe(route)));
        terminal.result("");
        terminal.result("Try, in another terminal:");
        if (running.services().isEmpty()) {
            example(terminal, "./waybill run all" + data);
        }
        // The first route stands for all; its key tells which of them it takes.
        Optional<Route> first = running.config().routes().values().stream().findFirst();
        first.ifPresent(route -> examples(terminal, running, route, data));
        example(terminal, "sftp -P " + stack.sftpPort() + " -i " + stack.sftpClientKey() + " " + EmbeddedSftp.USER
                + "@127.0.0.1");
        example(terminal, "./waybill files" + data);
        terminal.result("");
        terminal.result(terminal.dim("Ctrl-C stops it; what is under way goes on at the next start."));
    }

    private static void examples(Terminal terminal, Running running, Route route, String data) {
        SourceFilter source = route.source();
        String key = source.prefix() + "README.md" + source.suffix();
        String send = "./waybill send --wait"
                + (running.config().routes().size() == 1 ? "" : " --route " + route.name())
                + (source.suffix().isEmpty() ? "" : " --key " + quoted(key));
        example(terminal, send + " README.md" + data);
        example(terminal, "aws --endpoint-url " + running.stack().s3() + " s3 cp README.md "
                + quoted("s3://" + source.bucket() + "/" + key));
    }

    /** Such as {@code inbox: s3://inbox/in/*.csv to partner:/{key}}. */
    private static String describe(Route route) {
        SourceFilter source = route.source();
        Delivery delivery = route.delivery();
        String target = delivery == null ? "importers" : delivery.destination() + ":" + delivery.path();
        return route.name() + ": s3://" + source.bucket() + "/" + source.prefix() + "*" + source.suffix() + " to "
                + target;
    }

    /** As a shell takes it for one word. */
    private static String quoted(String word) {
        return word.matches("[\\w./:@%+=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static void line(Terminal terminal, String label, String text) {
        terminal.result("  " + terminal.dim(label + " ".repeat(LABEL - label.length())) + text);
    }

    private static void example(Terminal terminal, String command) {
        terminal.result("  " + terminal.bold(command));
    }
}
