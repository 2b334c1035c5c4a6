package io.waybill.devstack;

import io.waybill.devstack.cli.DevstackCommands;
import java.time.Duration;

/**
 * The program behind {@code ./waybill up} and {@code ./waybill demo}. It has the product's commands and those of the
 * stack.
 */
public final class Main {
    /** The services stop first, then Kafka, then the registry; on a busy machine each takes its whole time. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private Main() {}

    public static void main(String[] arguments) {
        io.waybill.launcher.Main.run(arguments, DevstackCommands::of, STOP_LIMIT);
    }
}
