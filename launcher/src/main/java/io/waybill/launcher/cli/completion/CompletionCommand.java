package io.waybill.launcher.cli.completion;

import io.waybill.launcher.environment.Context;
import io.waybill.runtime.service.ExitCode;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code waybill completion SHELL}: prints what a shell reads to complete the command line. */
@Command(
        name = "completion",
        description = "Prints the completion of commands, options and constants for a shell. Reads no configuration.",
        footer = {
                "",
                "Examples:",
                "  waybill completion bash > ~/.local/share/bash-completion/completions/waybill",
                "  waybill completion fish > ~/.config/fish/completions/waybill.fish",
                "",
                "For zsh, make a file, and add the line 'source ~/.waybill.zsh' to ~/.zshrc:",
                "  waybill completion zsh > ~/.waybill.zsh"
        })
public final class CompletionCommand implements Callable<Integer> {
    private static final String PROGRAM = "waybill";

    private final Context context;

    @Spec
    private CommandSpec spec = CommandSpec.create(); // picocli puts the real object here

    /** The shells. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell = Shell.BASH;

    /** The answer under {@code --json}. */
    private record Answer(String shell, String script) {}

    public CompletionCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String script = script(shell, spec.root().commandLine());
        if (context.options().json) {
            context.terminal().result(new Answer(shell.name().toLowerCase(Locale.ROOT), script));
            return ExitCode.DONE.number();
        }
        // Not through the terminal: it would wrap lines, and make tabs visible.
        PrintStream out = context.environment().out();
        out.print(script);
        out.flush();
        return ExitCode.DONE.number();
    }

    static String script(Shell shell, CommandLine line) {
        return switch (shell) {
            // One script for both: in zsh it loads the completion of bash.
            case BASH, ZSH -> AutoComplete.bash(PROGRAM, line);
            case FISH -> FishCompletion.script(PROGRAM, line.getCommandSpec());
        };
    }
}
