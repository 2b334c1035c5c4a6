package io.waybill.devstack.cli;

import io.waybill.launcher.environment.Context;
import java.util.List;

/** The commands that the stack adds to the product's. */
public final class DevstackCommands {
    private DevstackCommands() {}

    public static List<Object> of(Context context) {
        return List.of(new UpCommand(context), new DemoCommand(context));
    }
}
