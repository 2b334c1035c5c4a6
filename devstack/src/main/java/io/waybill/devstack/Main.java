package io.waybill.devstack;

import io.waybill.devstack.cli.DevstackCommands;

/**
 * The program behind {@code ./waybill up} and {@code ./waybill demo}. It has the product's commands and those of the
 * stack.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        io.waybill.launcher.Main.run(arguments, DevstackCommands::of);
    }
}
