package io.waybill.e2e.deploy;

import java.nio.file.Path;
import java.util.Optional;

/** The scripts that check what is in deploy, also in the pipelines. */
final class DeployChecks {
    private DeployChecks() {}

    /** The scripts, with what they need installed; nothing if that is not possible here. */
    static Optional<NodeScripts> scripts() {
        return NodeScripts.installed(Path.of("../deploy/checks"), Path.of("target/deploy-checks"));
    }
}
