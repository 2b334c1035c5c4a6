package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.testkit.RogueSftpServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partner who puts another server behind his address, or several of different kinds. */
final class ExchangedServerTest extends DestinationDeliveryFixture {
    @TempDir
    private Path servedByOther;

    @Test
    void shouldKeepATakenNameWhereTheOtherServerRenamesOverIt() throws Exception {
        start();
        delivered(deliver(store.put("first", ascii("x")), "/first", ConflictPolicy.REFUSE, Proof.SIZE, false));
        server.close();
        server = RogueSftpServer.start(servedByOther).overwriteOnRename();
        Path taken = Files.writeString(servedByOther.resolve("a"), "the partner's");

        var failure = failed(deliver(store.put("a", ascii("new")), "/a", ConflictPolicy.REFUSE, Proof.SIZE, false));

        assertThat(failure.kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(taken).hasContent("the partner's");
    }
}
