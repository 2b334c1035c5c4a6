package io.waybill.worker.delivery;

import static io.waybill.worker.Works.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.domain.ConflictPolicy;
import io.waybill.domain.DestinationClass;
import io.waybill.domain.FailureKind;
import io.waybill.domain.Proof;
import io.waybill.domain.TransferWork;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A name that is taken at the destination, whatever the server can do. */
final class ConflictPolicyTest extends DestinationDeliveryFixture {
    private static final int PERMISSION_DENIED = 3;
    private static final int FAILURE = 4;
    private static final int UNSUPPORTED = 8;

    @Test
    void shouldReplaceRefuseOrKeepBothWhenTheNameIsTaken() throws Exception {
        start();
        assertConflictPolicies(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldKeepTheConflictPolicyWithoutLinks() throws Exception {
        start("hardlink@openssh.com");
        assertConflictPolicies(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldKeepTheConflictPolicyWithoutAtomicRename() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com", "fsync@openssh.com");
        assertConflictPolicies(DestinationClass.NON_ATOMIC);
    }

    @Test
    void shouldKeepTheConflictPolicyWhereAtomicRenameAlwaysFails() throws Exception {
        start();
        server.refuse("posix-rename", FAILURE);
        assertConflictPolicies(DestinationClass.NON_ATOMIC);
    }

    @Test
    void shouldKeepTheConflictPolicyWherePlainRenamesAreForbidden() throws Exception {
        start();
        server.refuse("rename", PERMISSION_DENIED);
        assertConflictPolicies(DestinationClass.ATOMIC_DURABLE);
    }

    @Test
    void shouldWriteDirectlyWithADoneFileWhereNothingCanBeRenamed() throws Exception {
        start("posix-rename@openssh.com", "hardlink@openssh.com");
        server.refuse("rename", UNSUPPORTED);

        assertConflictPolicies(DestinationClass.DIRECT);

        assertThat(served.resolve("taken.csv.done")).exists();
    }

    private void assertConflictPolicies(DestinationClass expected) throws IOException {
        TransferWork replace = conflicting(ConflictPolicy.REPLACE);
        assertThat(delivered(replace).destinationClass()).isEqualTo(expected);
        assertThat(served.resolve("taken.csv")).hasContent("new");

        assertThat(failed(conflicting(ConflictPolicy.REFUSE)).kind()).isEqualTo(FailureKind.NAME_CONFLICT);
        assertThat(served.resolve("taken.csv")).hasContent("old");

        TransferWork keepBoth = conflicting(ConflictPolicy.KEEP_BOTH);
        String second = "taken." + keepBoth.id() + ".csv";
        assertThat(delivered(keepBoth).path().value()).isEqualTo("/" + second);
        assertThat(served.resolve("taken.csv")).hasContent("old");
        assertThat(served.resolve(second)).hasContent("new");

        assertThat(delivered(deliver(store.put("f", ascii("free")), "/free", ConflictPolicy.REFUSE, Proof.SIZE, false))
                .path()
                .value())
                .isEqualTo("/free");
        assertNothingStaged();
    }

    private TransferWork conflicting(ConflictPolicy policy) throws IOException {
        Files.writeString(served.resolve("taken.csv"), "old");
        return deliver(store.put("new", ascii("new")), "/taken.csv", policy, Proof.SIZE, false);
    }
}
