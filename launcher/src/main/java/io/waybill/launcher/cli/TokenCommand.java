package io.waybill.launcher.cli;

import io.waybill.launcher.environment.Context;
import io.waybill.runtime.access.TokenHash;
import io.waybill.runtime.service.ExitCode;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code waybill token}: the command for tokens. It does nothing without one of its sub-commands. */
@Command(
        name = "token",
        description = "Makes tokens, with which people and programs log in at the HTTP API.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
                "",
                "Examples:",
                "  waybill token new"
        })
final class TokenCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create(); // picocli puts the real object here

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code waybill token new}: makes a token. */
    @Command(
            name = "new",
            description = "Makes a token, and prints it with its hash. The configuration gets the hash, below"
                    + " http.tokens.NAME; the holder gets the token. Waybill keeps neither, and reads no configuration.",
            footer = {
                    "",
                    "Examples:",
                    "  waybill token new",
                    "  waybill token new --json"
            })
    static final class New implements Callable<Integer> {
        private final Context context;

        New(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            String secret = TokenHash.newSecret();
            var made = new LinkedHashMap<String, String>();
            made.put("token", secret);
            made.put("hash", TokenHash.of(secret).text());
            context.terminal().result(made, "token  " + secret + System.lineSeparator() + "hash   " + made.get("hash"));
            return ExitCode.DONE.number();
        }
    }
}
