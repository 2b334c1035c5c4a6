package io.waybill.launcher.cli.completion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Writes the completion of a command line for fish, for which picocli has no generator. Each line is one call of fish's
 * {@code complete} (https://fishshell.com/docs/current/cmds/complete.html).
 */
final class FishCompletion {
    private static final Pattern FIRST_SENTENCE = Pattern.compile("(.*?)(\\.\\s.*|\\.)?", Pattern.DOTALL);
    /** What follows the colon are values, which fish lists itself. */
    private static final Pattern WITHOUT_VALUES = Pattern.compile("(.*?)([.:]\\s.*|\\.)?", Pattern.DOTALL);

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    static String script(String program, CommandSpec root) {
        var completion = new FishCompletion(program);
        completion.script.append("# The completion of ").append(program).append(" for fish, made by '").append(program)
                .append(" completion fish'.\n");
        completion.line("-f");
        completion.command(root, List.of());
        return completion.script.toString();
    }

    /**
     * Writes a command and its sub-commands.
     *
     * @param path the names of the commands that lead to it
     */
    private void command(CommandSpec command, List<String> path) {
        Set<String> names = new TreeSet<>(command.subcommands().keySet());
        String here = condition(path, names);
        command.subcommands().forEach((name, sub) -> line(
                here + " -a " + name + described(sub.getCommandSpec().usageMessage())));
        String seen = condition(path, path.isEmpty() ? names : Set.of());
        command.options().stream().filter(option -> !option.hidden()).forEach(option -> line(seen + option(option)));
        command.positionalParameters().forEach(parameter -> positional(seen, parameter));
        command.subcommands().forEach((name, sub) -> {
            var below = new ArrayList<>(path);
            below.add(name);
            command(sub.getCommandSpec(), below);
        });
    }

    /** Whether all commands of a path are there, and none of the others. */
    private static String condition(List<String> path, Set<String> none) {
        if (path.isEmpty()) {
            return "-n __fish_use_subcommand";
        }
        var tests = new ArrayList<String>();
        path.forEach(name -> tests.add("__fish_seen_subcommand_from " + name));
        if (!none.isEmpty()) {
            tests.add("not __fish_seen_subcommand_from " + String.join(" ", none));
        }
        return "-n " + quoted(String.join("; and ", tests));
    }

    private static String option(OptionSpec option) {
        var text = new StringBuilder();
        for (String name : option.names()) {
            text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            text.append(takesFile(option) ? " -r -F" : " -x").append(candidates(option));
        }
        return text.append(described(option)).toString();
    }

    private void positional(String seen, PositionalParamSpec parameter) {
        if (takesFile(parameter)) {
            line(seen + " -F");
        } else if (!candidates(parameter).isEmpty()) {
            line(seen + candidates(parameter) + described(parameter));
        }
    }

    private static boolean takesFile(ArgSpec argument) {
        return List.of(argument.auxiliaryTypes()).contains(Path.class);
    }

    private static String candidates(ArgSpec argument) {
        if (argument.completionCandidates() == null) {
            return "";
        }
        List<String> all = new ArrayList<>();
        argument.completionCandidates().forEach(all::add);
        return all.isEmpty() ? "" : " -a " + quoted(String.join(" ", all));
    }

    private static String described(UsageMessageSpec usage) {
        // The command 'help', which is picocli's own, says in its header what it does.
        return described(FIRST_SENTENCE, usage.header().length > 0 ? usage.header() : usage.description());
    }

    private static String described(ArgSpec argument) {
        return described(WITHOUT_VALUES, argument.description());
    }

    /** The first sentence of a description: fish shows one line. */
    private static String described(Pattern first, String... description) {
        var sentence = first.matcher(String.join(" ", description));
        return sentence.matches() && !sentence.group(1).isBlank() ? " -d " + quoted(sentence.group(1)) : "";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private void line(String arguments) {
        script.append("complete -c ").append(program).append(' ').append(arguments).append('\n');
    }
}
