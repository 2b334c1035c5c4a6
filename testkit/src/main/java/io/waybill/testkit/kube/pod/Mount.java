package io.waybill.testkit.kube.pod;

import java.nio.file.Path;

/** What a container sees at a path. */
record Mount(Path source, String target, boolean readOnly) {}
