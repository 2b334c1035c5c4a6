package io.waybill.lives;

import java.nio.charset.StandardCharsets;

/** What the partner does at its own server. */
final class PartnerActs {
    private final World world;

    PartnerActs(World world) {
        this.world = world;
    }

    /** The partner puts a file of its own under one of our names. */
    void puts(int which) {
        String key = Plan.KEYS.get(world.plan().puts().get(which % world.plan().puts().size()).key());
        String path = Setting.pathOf(key);
        Server server = world.server(path);
        Node ours = server.look(path);
        boolean half = ours != null && ours.origin().equals(Node.Origin.DIRECT) && server.look(path + ".done") == null;
        if (half || server.writtenDirectly(path) && world.state().open(path)) {
            // Nobody could tell our half-written file from theirs, nor theirs from what stood there before they took it.
            return;
        }
        world.story().tell("partner", "puts a file of its own under " + path);
        server.partnerPuts(path, "their own".getBytes(StandardCharsets.UTF_8));
        world.truth().partnerActed(path);
    }

    /** The partner takes all that is there. */
    void takes() {
        world.servers().forEach(server -> server.finalNames().forEach(this::takes));
    }

    private void takes(String path) {
        if (world.server(path).partnerTakes(path) != null) {
            world.story().tell("partner", "takes " + path);
            world.truth().partnerActed(path);
        }
    }

    /** Something appeared under a final name. */
    void sees(String path) {
        switch (world.plan().settings().partner()) {
            case NEVER_TAKES -> {}
            case TAKES_AT_ONCE -> world.kernel().after(1, () -> takes(path));
            case TAKES_LATER -> world.kernel().after(30_000, () -> takes(path));
        }
    }
}
