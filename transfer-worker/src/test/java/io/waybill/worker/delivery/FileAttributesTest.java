package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.Delivery.Attributes;
import io.waybill.domain.Proof;
import io.waybill.domain.TransferWork;
import io.waybill.testkit.CaughtWarnings;
import io.waybill.worker.upload.Stager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Permissions and times that a route asks for. */
final class FileAttributesTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int UNSUPPORTED = 8;
    private static final Attributes ALL = new Attributes(OptionalInt.of(0640), OptionalInt.of(0750), true);

    @RegisterExtension
    final CaughtWarnings warnings = CaughtWarnings.of(Stager.class);

    @BeforeEach
    void startWell() {
        start();
    }

    @Test
    void shouldSetThemBeforeThePartnerSeesTheFile() throws Exception {
        TransferWork work = work(ALL);

        delivered(work);

        assertThat(permissions(served.resolve("in/a.csv"))).isEqualTo("rw-r-----");
        assertThat(permissions(served.resolve("in"))).isEqualTo("rwxr-x---");
        assertThat(Files.getLastModifiedTime(served.resolve("in/a.csv")).toInstant().getEpochSecond())
                .isEqualTo(work.source().lastModified().getEpochSecond());
        assertThat(warnings.lines()).isEmpty();
    }

    @Test
    void shouldAskForNothingThatNoRouteWants() throws Exception {
        delivered(work(Attributes.NONE));
        long before = server.requests("setstat");

        delivered(work(Attributes.NONE));

        assertThat(server.requests("setstat")).isEqualTo(before);
    }

    @Test
    void shouldDeliverWhereAttributesAreRefused() throws Exception {
        server.refuse("setstat", UNSUPPORTED);

        delivered(work(ALL));

        assertThat(served.resolve("in/a.csv")).hasContent("x");
        assertThat(warnings.lines()).isNotEmpty().allMatch(line -> line.contains("does not set permissions or times"));
    }

    @Test
    void shouldReplaceAFileThatNobodyMayWriteToAtAServerThatCannotRename() throws Exception {
        server.close();
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", PERMISSION_DENIED);
        var readOnly = new Attributes(OptionalInt.of(0440), OptionalInt.empty(), false);
        delivered(work("x", readOnly));

        delivered(work("newer", readOnly));

        assertThat(served.resolve("in/a.csv")).hasContent("newer");
        assertThat(permissions(served.resolve("in/a.csv"))).isEqualTo("r--r-----");
        assertThat(warnings.lines()).isEmpty();
    }

    private TransferWork work(Attributes attributes) {
        return work("x", attributes);
    }

    private TransferWork work(String content, Attributes attributes) {
        TransferWork plain =
                deliver(store.put("a", ascii(content)), "/in/a.csv", ConflictPolicy.REPLACE, Proof.SIZE, true);
        return new TransferWork(
                plain.id(),
                plain.route(),
                plain.attempt(),
                plain.source(),
                plain.target(),
                plain.onConflict(),
                plain.verify(),
                plain.createDirectories(),
                plain.settledSendings(),
                plain.keep(),
                attributes);
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
